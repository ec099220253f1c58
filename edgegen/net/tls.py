"""A TLS handshake with one address under one name, within a total deadline."""

from __future__ import annotations

import ssl
import time

from msgspec import Struct

from edgegen.net.answer import Failure, Phase, Trouble
from edgegen.net.deadline import ENOUGH, Deadline
from edgegen.net.tcp import dial, trouble_of, words_of

# OpenSSL's reasons. A server that speaks something else is recognised by the first bytes that it sends.
_NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE")
_OLD = ("TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION", "VERSION_TOO_LOW")
_DATES = (9, 10)
"""OpenSSL's codes for a certificate that is not yet, or no longer, valid: this machine's clock may be wrong."""


class Line(Struct, frozen=True):
    """Where a name is dialled: the name for SNI and the check, the address and port, and until when."""

    host: str
    address: str
    port: int
    deadline: Deadline


class Refused(Struct, frozen=True):
    """The handshake worked, the certificate did not: OpenSSL's code and sentence."""

    code: int
    message: str

    @property
    def failure(self) -> Failure:
        """The same as a failed attempt."""
        return Failure(Trouble.UNTRUSTED, Phase.TLS, self.message)

    @property
    def may_be_the_clock(self) -> bool:
        """Whether a wrong clock on this machine would explain it."""
        return self.code in _DATES


def shake(context: ssl.SSLContext, line: Line) -> ssl.SSLSocket | Refused | Failure:
    """A new connection and its handshake, within the total deadline. Never raises.

    An address as host has no SNI.
    """
    # Certificates and SNI have names without the final dot that a URL may have.
    name = line.host.strip("[]").rstrip(".")
    try:
        name.encode("idna")  # else `wrap_socket` raises and leaves the socket open
    except UnicodeError as error:
        return Failure(Trouble.LOCAL, Phase.TLS, words_of(error))
    sock = dial(line.address, line.port, line.deadline)
    if isinstance(sock, Failure):
        return sock
    started = time.monotonic()
    try:
        # Python keeps this as a deadline for the whole handshake, however slowly it drips in.
        sock.settimeout(line.deadline.left or 0.001)
        return context.wrap_socket(sock, server_hostname=name)
    except ssl.SSLCertVerificationError as error:
        sock.close()
        return Refused(error.verify_code, error.verify_message)
    except (OSError, ValueError) as error:
        sock.close()
        return line.deadline.judged(_failure(error, time.monotonic() - started), ENOUGH)


def _failure(error: Exception, seconds: float) -> Failure:
    if isinstance(error, ssl.SSLError) and not isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        reason = words_of(error)
        return Failure(_trouble(reason), Phase.TLS, reason, seconds)
    if isinstance(error, TimeoutError):
        return Failure(Trouble.TIMEOUT, Phase.TLS, f"no handshake within {seconds:.1f} s", seconds)
    return Failure(trouble_of(error), Phase.TLS, words_of(error), seconds)


def _trouble(reason: str) -> Trouble:
    """An alert of either side ends a handshake, except in two special cases."""
    if reason in _NOT_TLS:
        return Trouble.NOT_TLS
    return Trouble.OLD_TLS if reason in _OLD else Trouble.ALERT
