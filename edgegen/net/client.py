"""A client for one site by its name: this machine's resolver and authorities, one deadline for each request."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec.structs import replace

from edgegen.core.errors import LocalIOError
from edgegen.net.answer import Failure, Limits, Phase, Response, Trouble
from edgegen.net.conversation import Conversation, origin
from edgegen.net.deadline import Deadline
from edgegen.net.request import Stream
from edgegen.net.tcp import dial, looked_up
from edgegen.net.tls import Line, Refused, shake
from edgegen.system.os_errors import cause

CONNECT_TIMEOUT = 5.0
"""Seconds for one address; a site may have several."""


class Client:
    """Asks the site of a URL, over one connection as long as it lasts. Not for several threads.

    No proxy, no redirect, no cookie, nothing unpacked. `total` is in seconds for each request, `limit` in bytes of an
    answer. Over plain HTTP credentials are sent as well: the caller decides where that is right.
    Raises LocalIOError if the authorities in `cafile` can't be read.
    """

    def __init__(self, url: str, *, total: float, limit: int, cafile: str | None = None) -> None:
        parts = urlsplit(url)
        self._host, secure = parts.hostname or "", parts.scheme == "https"
        self._port = parts.port or (443 if secure else 80)
        self._total = total
        # Reading the authorities takes longer than a request on loopback: only where they are asked.
        self._context = _context(cafile) if secure else None
        self._talk = Conversation(
            origin(parts.scheme, self._host, self._port),
            self._connect,
            Deadline.after(total),
            takes_credentials=True,
            limits=Limits(limit, limit, limit),
        )

    def ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Response:
        """What it answers to a path with a query. Never raises."""
        self._talk.deadline = Deadline.after(self._total)
        answer = self._talk.ask(method, target, headers, body=body)
        if answer.failure is None and answer.header("content-encoding").lower() not in ("", "identity"):
            packed = Failure(Trouble.MALFORMED, Phase.BODY, "compressed, which was not requested")
            return replace(answer, body=b"", failure=packed)
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._talk.close()

    def _connect(self) -> Stream | Failure:
        try:
            addresses = looked_up(self._host)
        except (OSError, UnicodeError) as error:
            words = getattr(error, "strerror", None) or "not a name"
            return Failure(Trouble.UNREACHABLE, Phase.CONNECT, f"{self._host} has no address: {words}")
        for address in addresses:
            got = self._open(address)
            if not isinstance(got, Failure):
                break
        return got

    def _open(self, address: str) -> Stream | Failure:
        deadline = self._talk.deadline.within(CONNECT_TIMEOUT)
        if self._context is None:
            return dial(address, self._port, deadline)
        got = shake(self._context, Line(self._host, address, self._port, deadline))
        return _untrusted(got) if isinstance(got, Refused) else got


def _untrusted(refused: Refused) -> Failure:
    clock = f"; clock here: {time.strftime('%Y-%m-%d %H:%M')}" if refused.may_be_the_clock else ""
    return replace(refused.failure, detail=f"{refused.failure.detail}{clock}")


def _context(cafile: str | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=cafile)
    except OSError as error:  # OpenSSL's errors are as well
        why = "it contains no certificate" if isinstance(error, ssl.SSLError) else cause(error)
        raise LocalIOError(f"the certificate authorities in {cafile} can't be read: {why}") from None
    context.hostname_checks_common_name = False
    return context
