"""How blobs are uploaded: a session is opened, data is sent to the newest `Location`, and a digest closes it.

Source: distribution-spec, "Pushing blobs". Docker sends a layer as one PATCH, and so does `push_whole`.
"""

from __future__ import annotations

import hashlib
from functools import partial
from urllib.parse import quote, urlsplit

from msgspec import Struct, field

from edgegen.endpoints import Endpoint
from edgegen.net.answer import Response
from edgegen.verify.observation import Step
from edgegen.verify.push.body import Noise, Trickle
from edgegen.verify.push.exchange import Exchange, resolved

CHUNK = 256 * 1024
CHUNKS = 3
_MOST_CHUNK = 16 * 1024 * 1024
_BYTES = {"Content-Type": "application/octet-stream"}


class Blob(Struct, frozen=True):
    """A blob that the registry has taken."""

    digest: str
    size: int


class Made(Struct):
    """Sessions that are open, blobs, and the manifest's digest: deleted at the end, whatever happened."""

    uploads: dict[object, str] = field(default_factory=dict)
    """Upload -> the URL at which it is cancelled."""
    blobs: list[str] = field(default_factory=list)
    manifest: str = ""


def push_whole(exchange: Exchange, made: Made, seed: str, size: int) -> Blob:
    """A blob in one streamed request: so no chunk hides a limit on size or time."""
    upload, noise = Upload(exchange, made), Noise(seed, size, exchange.heard_or_stopped)
    upload.start()
    upload.send(Step.CHUNK, noise)
    return upload.finish(noise.digest.hexdigest(), size)


def push_chunks(exchange: Exchange, made: Made, seed: str) -> Blob:
    """A small blob in several requests, each to the `Location` that the one before it gave."""
    upload, digest = Upload(exchange, made), hashlib.sha256()
    upload.start()
    size = max(CHUNK, min(upload.least_chunk, _MOST_CHUNK))
    for index in range(CHUNKS):
        noise = Noise(f"{seed}{index}", size, exchange.heard_or_stopped, digest)
        upload.send(Step.CHUNK, noise, f"{index * size}-{(index + 1) * size - 1}")
    return upload.finish(digest.hexdigest(), CHUNKS * size)


def push_small(exchange: Exchange, made: Made, content: bytes) -> Blob:
    """A blob in the last request itself, as Docker sends an image's configuration."""
    upload = Upload(exchange, made)
    upload.start()
    return upload.finish(hashlib.sha256(content).hexdigest(), len(content), content)


def push_slowly(exchange: Exchange, made: Made, seconds: float) -> None:
    """An upload that trickles, and is abandoned afterwards."""
    upload = Upload(exchange, made)
    upload.start()
    upload.send(Step.SLOW, Trickle(seconds, exchange.heard, exchange.stopped))


class Upload:
    """One upload session. While it is open, `made` knows where it can be cancelled."""

    def __init__(self, exchange: Exchange, made: Made) -> None:
        self._exchange, self._made = exchange, made
        self._url = f"{exchange.base}/blobs/uploads/"
        self.least_chunk = 0
        """Bytes that each chunk but the last must have, as the registry says."""

    def start(self) -> None:
        """Opens the session."""
        answer = self._exchange.do(Step.START, "POST", self._url, want=(202,), judge=self._take)
        least = answer.header("oci-chunk-min-length")
        self.least_chunk = int(least) if least.isascii() and least.isdigit() and len(least) < 12 else 0

    def send(self, step: Step, body: Noise | Trickle, content_range: str = "") -> None:
        """One PATCH with the next bytes."""
        headers = {**_BYTES, **({"Content-Range": content_range} if content_range else {})}
        self._exchange.do(step, "PATCH", self._url, want=(202,), headers=headers, body=body, judge=self._take)

    def finish(self, sha256: str, size: int, body: bytes = b"") -> Blob:
        """The last request: what was sent, with `body` at its end, has this hash."""
        blob = Blob(f"sha256:{sha256}", size)
        url, judge = with_digest(self._url, blob.digest), partial(other_digest, blob.digest)
        self._made.blobs.append(blob.digest)  # even when the answer gets lost on its way
        self._exchange.do(Step.FINALISE, "PUT", url, want=(201,), headers=_BYTES, body=body, judge=judge)
        self._made.uploads.pop(self, None)
        return blob

    def _take(self, answer: Response) -> str:
        """Goes on at the newest `Location`; what is wrong with it, or ""."""
        location = answer.header("location")
        wrong = fault(self._exchange.endpoint, self._url, location)
        if not wrong:
            self._url = self._made.uploads[self] = resolved(self._url, location)
        elif elsewhere := resolved(self._url, location) if location else "":
            # Wherever it leads, the session is cancelled at the registry's own host and over https.
            path = elsewhere.partition("://")[2].partition("/")[2]
            self._made.uploads.setdefault(self, f"{self._exchange.origin}/{path}")
        return wrong


def fault(endpoint: Endpoint, asked: str, location: str) -> str:
    """What is wrong with the `Location` of an upload's answer, or ""."""
    if not location:
        return "its answer has no Location"
    url = resolved(asked, location)
    if not url:
        return "its Location is not a URL"
    parts = urlsplit(url)
    where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if parts.scheme != "https":
        return f"its Location leads to plain {where}"
    if (parts.hostname, parts.port or 443) != (endpoint.host.lower(), endpoint.port) or "@" in parts.netloc:
        return f"its Location leads to {where}"
    return ""


def with_digest(location: str, digest: str) -> str:
    """A `Location` mostly has a query already."""
    between = "" if location.endswith(("?", "&")) else "&" if "?" in location else "?"
    return f"{location}{between}digest={quote(digest)}"


def other_digest(digest: str, answer: Response) -> str:
    """What is wrong with the digest that an answer names, or ""; naming none is allowed."""
    found = answer.header("docker-content-digest")
    return f"the registry says that it has {found[:80]}, and {digest} was sent" if found not in ("", digest) else ""
