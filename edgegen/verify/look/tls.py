"""TLS to one address under one name: verified, and where that fails once more without, to read what was sent."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from edgegen.lookup import Deadline
from edgegen.verify.look.certificates import read_chain
from edgegen.verify.look.http import fetch
from edgegen.verify.look.tcp import dial, trouble_of, words_of
from edgegen.verify.look.trust import Trust
from edgegen.verify.observation import Failure, Phase, TlsSeen, Trouble

__all__ = ["Line", "Opened", "Refused", "Trust", "chain_of", "open_tls", "shake"]

# OpenSSL's reasons. A server that speaks something else is seen by the first bytes that it sends.
_NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE")
_OLD = ("TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION", "VERSION_TOO_LOW")
SPEAKS_HTTP = "it speaks plain HTTP"


@dataclass(frozen=True, slots=True)
class Line:
    """Where a name is dialled: the name for SNI and the check, the address and port, and until when."""

    host: str
    address: str
    port: int
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Refused:
    """The handshake worked, the certificate did not: OpenSSL's code and sentence."""

    code: int
    message: str

    @property
    def failure(self) -> Failure:
        return Failure(Trouble.ALERT, Phase.TLS, f"its certificate is not trusted: {self.message}")


def shake(context: ssl.SSLContext, line: Line) -> ssl.SSLSocket | Refused | Failure:
    """A new connection and its handshake, within the total deadline. An address as host sends no SNI. Never raises."""
    sock = dial(line.address, line.port, line.deadline)
    if isinstance(sock, Failure):
        return sock
    started = time.monotonic()
    try:
        # Python keeps this as a deadline for the whole handshake, however slowly it drips in.
        sock.settimeout(line.deadline.left or 0.001)
        return context.wrap_socket(sock, server_hostname=line.host.strip("[]"))
    except ssl.SSLCertVerificationError as error:
        sock.close()
        return Refused(error.verify_code, error.verify_message)
    except (OSError, ValueError) as error:
        sock.close()
        return _failure(error, time.monotonic() - started)


def chain_of(sock: ssl.SSLSocket) -> tuple[bytes, ...]:
    """The certificates as the server sent them (DER), its own first."""
    public: Callable[[], list[bytes]] | None = getattr(sock, "get_unverified_chain", None)
    if public is not None:  # Python 3.13 and later
        return tuple(public() or ())
    # From 3.10 to 3.12 the same function is there, one level below: it gives objects instead of bytes.
    below = getattr(getattr(sock, "_sslobj", None), "get_unverified_chain", None)
    if below is not None:
        return tuple(ssl.PEM_cert_to_DER_cert(item.public_bytes()) for item in below() or ())
    own = sock.getpeercert(binary_form=True)
    return (own,) if own else ()


@dataclass(frozen=True, slots=True)
class Opened:
    """What was seen of the TLS, the connection that is left open (None: there is none), and the chain in DER."""

    seen: TlsSeen
    stream: ssl.SSLSocket | None = None
    chain: tuple[bytes, ...] = ()


def open_tls(line: Line, trust: Trust, *, http: bool) -> Opened | Failure:
    """The handshake as any client makes it, and what else is needed to say what was wrong. Never raises.

    A Failure: the port can't be connected to. `http`: offer `http/1.1` by ALPN.
    """
    got = shake(trust.verified if http else trust.verified_bare, line)
    if isinstance(got, ssl.SSLSocket):
        return _opened(got, TlsSeen(verified=True))
    if isinstance(got, Refused):
        return _unverified(got, line, trust.unverified if http else trust.unverified_bare)
    if got.phase is Phase.CONNECT:
        return got
    return Opened(_failed(got, line, trust))


def _unverified(refused: Refused, line: Line, context: ssl.SSLContext) -> Opened:
    """The same once more, to read the chain that was refused."""
    seen = TlsSeen(verify_code=refused.code, verify_message=refused.message)
    again = shake(context, line)
    return _opened(again, seen) if isinstance(again, ssl.SSLSocket) else Opened(seen)


def _opened(sock: ssl.SSLSocket, seen: TlsSeen) -> Opened:
    chain = chain_of(sock)
    cipher = sock.cipher()
    told = replace(
        seen,
        protocol=sock.version() or "",
        cipher=cipher[0] if cipher else "",
        alpn=sock.selected_alpn_protocol() or "",
        chain=read_chain(chain),
    )
    return Opened(told, sock, chain)


def _failed(failure: Failure, line: Line, trust: Trust) -> TlsSeen:
    """A second connection tells what the other side would have spoken."""
    if failure.trouble is Trouble.OLD_TLS:
        return TlsSeen(failure, old_protocol=_old_protocol(line, trust))
    if failure.trouble is Trouble.NOT_TLS and _speaks_http(line):
        return TlsSeen(replace(failure, detail=SPEAKS_HTTP))
    return TlsSeen(failure)


def _old_protocol(line: Line, trust: Trust) -> str:
    sock = shake(trust.old, line)
    if not isinstance(sock, ssl.SSLSocket):
        return ""
    with sock:
        return sock.version() or ""


def _speaks_http(line: Line) -> bool:
    sock = dial(line.address, line.port, line.deadline)
    return not isinstance(sock, Failure) and fetch(sock, "GET", f"http://{line.host}/", {}, line.deadline).status > 0


def _failure(error: Exception, seconds: float) -> Failure:
    if isinstance(error, ssl.SSLError) and not isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        reason = words_of(error)
        return Failure(_trouble(reason), Phase.TLS, reason, seconds)
    if isinstance(error, TimeoutError):
        return Failure(Trouble.TIMEOUT, Phase.TLS, f"no handshake within {seconds:.1f} s", seconds)
    return Failure(trouble_of(error), Phase.TLS, words_of(error), seconds)


def _trouble(reason: str) -> Trouble:
    """What ends a handshake is an alert, the server's or this side's own, unless it is one of two special cases."""
    if reason in _NOT_TLS:
        return Trouble.NOT_TLS
    return Trouble.OLD_TLS if reason in _OLD else Trouble.ALERT
