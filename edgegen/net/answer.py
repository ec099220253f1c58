"""The result of a connection or a request, as plain data: an answer, or how the attempt failed. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from edgegen.core.show import shown

REDIRECTS = (301, 302, 303, 307, 308)
BODY_CAP = 64 * 1024
"""Bytes of a body that are kept."""
ENDLESS = 8 * 1024 * 1024
"""Bytes after which a body that does not announce its length counts as endless: pages of several MiB are common."""


class Trouble(StrEnum):
    """How a connection or a request failed."""

    REFUSED = "refused"
    RESET = "reset"
    CLOSED = "closed"
    """The other side hung up (FIN) before its answer was complete."""
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    """No route, as reported by a router or by this machine's kernel."""
    NO_FAMILY = "no-family"
    """This machine has no address of that family (mostly IPv6), so nothing is known about the other side."""
    NOT_TLS = "not-tls"
    """Something answered that is not TLS; mostly plain HTTP."""
    OLD_TLS = "old-tls"
    """The other side supports only protocols that are too old."""
    ALERT = "alert"
    """Another TLS alert, such as unrecognized_name or handshake_failure."""
    UNTRUSTED = "untrusted"
    """The handshake worked, and the certificate was refused."""
    TOO_LARGE = "too-large"
    """Headers beyond their limit; or a body beyond its limit that announces its length, which is not read to its end,
    or that does not announce it and was read on without being kept until it counts as endless."""
    MALFORMED = "malformed"
    """Not HTTP, or broken HTTP."""
    LOCAL = "local"
    """This machine could not look: too many open files, no permission, no time left …"""


_IN_WORDS = {
    Trouble.REFUSED: "connection refused",
    Trouble.RESET: "connection reset",
    Trouble.CLOSED: "the other side hung up",
    Trouble.TIMEOUT: "no answer",
    Trouble.UNREACHABLE: "no route",
    Trouble.NO_FAMILY: "this machine has no address of that family",
    Trouble.NOT_TLS: "what answered is not TLS",
    Trouble.OLD_TLS: "only old protocols",
    Trouble.ALERT: "a TLS alert",
    Trouble.UNTRUSTED: "its certificate is not trusted",
    Trouble.TOO_LARGE: "more data than is read",
    Trouble.MALFORMED: "the answer is not HTTP",
    Trouble.LOCAL: "this machine could not look",
}


class Phase(StrEnum):
    """How far an attempt got."""

    CONNECT = "connect"
    TLS = "tls"
    REQUEST = "request"
    HEADER = "header"
    BODY = "body"


WANTS_A_CERTIFICATE = "it asks its clients for a certificate"
"""The detail of an alert of a server that only lets in clients that show a certificate."""
_MALFORMED = {Phase.REQUEST: "the request could not be made", Phase.BODY: "a malformed answer"}


class Failure(Struct, frozen=True):
    """One failed attempt. `seconds` is how long it took."""

    trouble: Trouble
    phase: Phase
    detail: str = ""
    seconds: float = 0.0


def in_words(failure: Failure) -> str:
    """A failed attempt in words: `no answer within 10 s`, `a TLS alert: unrecognized_name`."""
    if failure.trouble is Trouble.TIMEOUT:
        return f"no answer within {failure.seconds:.3g} s" if failure.seconds else "no answer in time"
    malformed = failure.trouble is Trouble.MALFORMED and _MALFORMED.get(failure.phase)
    words, detail = malformed or _IN_WORDS[failure.trouble], shown(failure.detail)
    return f"{words}: {detail}" if detail and detail.lower() != words else words


class Response(Struct, frozen=True):
    """One HTTP request and its answer. With `failure`, the rest is what had arrived until then."""

    url: str
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case, in the order in which they came; at most 16 KiB in total."""
    body: bytes = b""
    """Its beginning, as much as the reader keeps."""
    seconds: float = 0.0
    failure: Failure | None = None
    at: datetime | None = None
    """This machine's clock when the headers had come."""
    size: int = 0
    """Bytes of the body that were read, whether they were kept or not."""

    def header(self, name: str) -> str:
        """The first value of a header, or ""."""
        return next((value for key, value in self.headers if key == name.lower()), "")


class Limits(Struct, frozen=True):
    """Bytes of an answer's body."""

    kept: int = BODY_CAP
    announced: int = BODY_CAP
    """How much is read of a body that announces its length."""
    unannounced: int = ENDLESS
    """How much is read of one that does not."""
