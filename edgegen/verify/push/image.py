"""An image out of the blobs that were pushed: its manifest is pushed, and everything is pulled back and compared.

Source: the image and distribution specifications of the OCI.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import partial

from edgegen.net.answer import REDIRECTS, Response
from edgegen.verify.observation import Step
from edgegen.verify.push.exchange import Exchange, resolved
from edgegen.verify.push.upload import Blob, Made, other_digest

TAG = "verify"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"


def config(run: str, layers: Sequence[Blob]) -> bytes:
    """An image's configuration; `run` makes it unique."""
    return _json(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Labels": {"edgegen-verify": run}},
            "rootfs": {"type": "layers", "diff_ids": [layer.digest for layer in layers]},
        }
    )


def manifest(configuration: Blob, layers: Sequence[Blob]) -> bytes:
    """An image's manifest."""
    return _json(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": _descriptor(CONFIG, configuration),
            "layers": [_descriptor(LAYER, layer) for layer in layers],
        }
    )


def push_manifest(exchange: Exchange, made: Made, content: bytes) -> str:
    """Gives the image its tag; returns its digest."""
    digest = _digest(content)
    url, headers = f"{exchange.base}/manifests/{TAG}", {"Content-Type": MANIFEST}
    judge = partial(other_digest, digest)
    made.manifest = digest  # even when the answer gets lost on its way
    exchange.do(Step.MANIFEST, "PUT", url, want=(201,), headers=headers, body=content, judge=judge)
    return digest


def pull_manifest(exchange: Exchange, digest: str, content: bytes) -> None:
    """By tag and by digest, as a question (HEAD) and in full."""
    for step, reference in ((Step.PULL_TAG, TAG), (Step.PULL_DIGEST, digest)):
        url, headers = f"{exchange.base}/manifests/{reference}", {"Accept": MANIFEST}
        judge = partial(other_digest, digest)
        exchange.do(step, "HEAD", url, want=(200,), headers=headers, judge=judge)
        exchange.do(step, "GET", url, want=(200,), headers=headers, judge=partial(_other_bytes, digest, content))


def pull_blob(exchange: Exchange, blob: Blob) -> None:
    """A blob, at the registry or where it redirects to; without any credentials there."""
    url = f"{exchange.base}/blobs/{blob.digest}"
    reading = _Reading(blob)
    answer = exchange.do(Step.PULL_BLOB, "GET", url, want=(200, *REDIRECTS), sink=reading.take, judge=reading.judge)
    if answer.status != 200:
        there = resolved(url, answer.header("location"))
        exchange.do(Step.PULL_BLOB, "GET", there, want=(200,), sink=reading.take, judge=reading.judge, elsewhere=True)
    exchange.count(reading.size)


class _Reading:
    """Compares a blob that comes piece by piece."""

    def __init__(self, blob: Blob) -> None:
        self._blob = blob
        self._digest = hashlib.sha256()
        self.size = 0

    def take(self, piece: bytes) -> None:
        self._digest.update(piece)
        self.size += len(piece)

    def judge(self, answer: Response) -> str:
        if answer.status != 200:
            location = answer.header("location")
            there = resolved(answer.url, location) if location else ""
            return "" if there.startswith("https://") else "it redirects to something that is not an https URL"
        if self.size != self._blob.size:
            return f"{self.size} bytes came back, and {self._blob.size} were pushed"
        return "" if f"sha256:{self._digest.hexdigest()}" == self._blob.digest else "other bytes came back"


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _descriptor(media_type: str, blob: Blob) -> dict[str, object]:
    return {"mediaType": media_type, "digest": blob.digest, "size": blob.size}


def _other_bytes(digest: str, content: bytes, answer: Response) -> str:
    return other_digest(digest, answer) or ("" if answer.body == content else "other bytes came back")
