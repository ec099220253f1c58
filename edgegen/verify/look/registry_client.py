"""requests, as a registry's client needs it here: one address, one deadline, caps, and no password for strangers.

Import it inside the function that needs it: requests takes long to load.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol

import requests
import urllib3

from edgegen import __version__
from edgegen.endpoints import Endpoint
from edgegen.lookup import Deadline
from edgegen.verify.look.echo import without_echo
from edgegen.verify.look.pinned import Adapter
from edgegen.verify.look.route import route
from edgegen.verify.look.tls import Trust
from edgegen.verify.look.troubles import failure_of
from edgegen.verify.look.wire import Wire
from edgegen.verify.observation import Failure, Phase, Response, Trouble
from edgegen.verify.settings import BODY_CAP, HEADER_CAP, Settings

_PIECE = 64 * 1024
Sink = Callable[[bytes], None]


class Body(Protocol):
    """A body that is made while it is sent. `whole` turns True when all of it was given away."""

    whole: bool

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[bytes]: ...


def open_client(endpoint: Endpoint, address: str, settings: Settings, deadline: Deadline) -> Client:
    """A client for one endpoint at one address; other hosts that it names are looked up. Close it.

    Raises LocalIOError where the file with more authorities can't be read.
    """
    # A context of its own: urllib3 changes the one that it is given.
    context = Trust.load(settings.ca_file).verified
    return Client(Wire(route(endpoint, address, settings, deadline), deadline), context)


class Client:
    """One session over one `Wire`. Nothing raises: what went wrong is in the answer. Redirects are not followed."""

    def __init__(self, wire: Wire, context: ssl.SSLContext) -> None:
        self.wire = wire
        self._session = _Session()
        self._session.trust_env = False  # no proxy, no .netrc
        self._session.headers.clear()
        # Docker keeps no cookies; one of a load balancer would hide that replicas share no secret.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.adapters.clear()
        self._adapter = Adapter(wire, context)
        self._session.mount("https://", self._adapter)

    def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | Body = b"", sink: Sink | None = None
    ) -> Response:
        """One request and its answer. A `sink` gets the body of a 200, as long as it is; else 64 KiB are kept."""
        start = time.monotonic()
        self.wire.phase = Phase.REQUEST
        try:
            answer = self._send(method, url, headers, body)
        except (requests.RequestException, OSError, ValueError) as error:
            self._adapter.close()
            failed = Response(url, seconds=time.monotonic() - start, failure=self._failure(error, start))
            return without_echo(failed, headers)
        at = datetime.now(UTC)
        kept, failure = self._read(answer, sink, start)
        if failure is None and not self.wire.deadline.left:  # what was cut off can look like the end
            failure = Failure(Trouble.TIMEOUT, Phase.BODY, "no time was left", time.monotonic() - start)
        if failure or not (isinstance(body, bytes) or body.whole):
            self._adapter.close()  # half a request or half an answer: nothing can follow on this connection
        seen = Response(url, answer.status_code, _headers(answer), kept, time.monotonic() - start, failure, at)
        return without_echo(seen, headers)

    def close(self) -> None:
        """Closes the connection and stops the clock."""
        self._session.close()
        self._adapter.close()
        self.wire.close()

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | Body) -> requests.Response:
        left = max(self.wire.deadline.left, 0.001)
        own = {"User-Agent": f"edgegen/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
        data: Any = body
        return self._session.request(
            method, url, headers={**own, **headers}, data=data, stream=True, allow_redirects=False, timeout=left
        )

    def _read(self, answer: requests.Response, sink: Sink | None, start: float) -> tuple[bytes, Failure | None]:
        self.wire.phase = Phase.BODY
        kept = bytearray()
        try:
            for piece in answer.raw.stream(_PIECE, decode_content=False):
                if sink and answer.status_code == 200:
                    sink(piece)
                elif len(kept) + len(piece) > BODY_CAP:
                    return bytes(kept), Failure(Trouble.TOO_LARGE, Phase.BODY, seconds=time.monotonic() - start)
                else:
                    kept += piece
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            return bytes(kept), self._failure(error, start)
        return bytes(kept), None

    def _failure(self, error: Exception, start: float) -> Failure:
        seconds = time.monotonic() - start
        if not self.wire.deadline.left:
            return Failure(Trouble.TIMEOUT, self.wire.phase, "no time was left", seconds)
        return failure_of(error, self.wire.phase, seconds)


class _Session(requests.Session):
    """Sees no redirect: requests would read the whole body of one, however long, although it does not follow."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - requests' own
        return None


def _headers(answer: requests.Response) -> tuple[tuple[str, str], ...]:
    """Of all headers as many as the cap leaves."""
    kept, size = [], 0
    for name, value in answer.raw.headers.items():
        size += len(name) + len(value)
        if size > HEADER_CAP:
            break
        kept.append((name.lower(), value))
    return tuple(kept)
