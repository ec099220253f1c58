"""TLS to one address under one name: verified, and where that fails again without, to read what was sent."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from edgegen.certificates.read import read_chain
from edgegen.net.answer import Failure, Phase, Trouble
from edgegen.net.deadline import Deadline
from edgegen.net.http import fetch
from edgegen.net.tcp import dial
from edgegen.net.tls import Line, Refused, shake
from edgegen.verify.look.trust import Trust
from edgegen.verify.observation import TlsSeen

WEAK_SECONDS = 3.0
"""Seconds for these handshakes: a correct server refuses at once."""
SPEAKS_HTTP = "it speaks plain HTTP"


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


class Opened(Struct, frozen=True):
    """What was seen of the TLS, the connection that is left open (None: there is none), and the chain in DER."""

    seen: TlsSeen
    stream: ssl.SSLSocket | None = None
    chain: tuple[bytes, ...] = ()


def open_tls(line: Line, trust: Trust, *, http: bool) -> Opened | Failure:
    """The handshake as any client makes it, and what else is needed to say what was wrong. Never raises.

    A Failure: the port can't be connected to. `http`: offer `http/1.1` by ALPN. Servers that want HTTP/2 refuse that,
    and most of them still speak HTTP/1.1 with clients that offer nothing.
    """
    opened = _open(line, trust, http=http)
    if http and isinstance(opened, Opened) and _wants_http_2(opened.seen):
        again = _open(line, trust, http=False)
        return again if isinstance(again, Opened) and again.stream is not None else opened
    return opened


def _wants_http_2(seen: TlsSeen) -> bool:
    """Python's versions write the reason with spaces or with underscores."""
    said = seen.failure.detail if seen.failure else ""
    return "no application protocol" in said.lower().replace("_", " ")


def _open(line: Line, trust: Trust, *, http: bool) -> Opened | Failure:
    got = shake(trust.verified if http else trust.verified_bare, line)
    if isinstance(got, ssl.SSLSocket):
        return _opened(got, TlsSeen(verified=True))
    if isinstance(got, Refused):
        return _unverified(got, line, trust.unverified if http else trust.unverified_bare)
    if got.phase is Phase.CONNECT:
        return got
    return Opened(_failed(got, line, trust))


def _unverified(refused: Refused, line: Line, context: ssl.SSLContext) -> Opened:
    """The same again, to read the chain that was refused."""
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
    """A second connection finds out what the other side speaks."""
    if failure.trouble is Trouble.OLD_TLS:
        return TlsSeen(failure, old_protocol=_old_protocol(line, trust))
    if _found_no_suite(failure) and (suite := _suite(line, trust)):
        return TlsSeen(replace(failure, detail=f"it accepts only suites like {suite}, which browsers do not offer"))
    if failure.trouble is Trouble.NOT_TLS and _speaks_http(line):
        return TlsSeen(replace(failure, detail=SPEAKS_HTTP))
    return TlsSeen(failure)


def _old_protocol(line: Line, trust: Trust) -> str:
    sock = shake(trust.old, line)
    if not isinstance(sock, ssl.SSLSocket):
        return ""
    with sock:
        return sock.version() or ""


def _found_no_suite(failure: Failure) -> bool:
    return failure.trouble is Trouble.ALERT and "handshake_failure" in failure.detail.lower().replace(" ", "_")


def _suite(line: Line, trust: Trust) -> str:
    """The one that it picks where it is offered all that OpenSSL has; "" where that is refused, too."""
    sock = shake(trust.unverified_bare, line)
    if not isinstance(sock, ssl.SSLSocket):
        return ""
    with sock:
        cipher = sock.cipher()
        return cipher[0] if cipher else ""


def _speaks_http(line: Line) -> bool:
    sock = dial(line.address, line.port, line.deadline)
    return not isinstance(sock, Failure) and fetch(sock, "GET", f"http://{line.host}/", {}, line.deadline).status > 0


def look_for_weak(line: Line, trust: Trust) -> tuple[tuple[str, ...], str]:
    """What was accepted, as `TLSv1.1 ECDHE-RSA-AES128-SHA`; and why it could not be seen, or "".

    Mozilla's intermediate suites all need TLS 1.2: a server that accepts a lower version accepts some other suite as
    well. So one handshake shows whether anything is weak at all, and a second one finds old versions below a weak
    TLS 1.2.
    """
    short = replace(line, deadline=Deadline.after(min(WEAK_SECONDS, line.deadline.left)))
    first, trouble = _accepted(short, trust.weak)
    if not first.startswith("TLSv1.2"):
        return ((first,) if first else ()), trouble
    second, _ = _accepted(short, trust.weak_old)
    return ((first, second) if second else (first,)), ""


def _accepted(line: Line, context: ssl.SSLContext) -> tuple[str, str]:
    got = shake(context, line)
    if isinstance(got, ssl.SSLSocket):
        with got:
            cipher = got.cipher()
            return f"{got.version()} {cipher[0] if cipher else ''}".rstrip(), ""
    return "", _why_unseen(got)


def _why_unseen(got: Refused | Failure) -> str:
    """Hanging up is a refusal as well, once the port is known to speak TLS; silence is not."""
    if isinstance(got, Refused) or got.trouble in (
        Trouble.ALERT, Trouble.OLD_TLS, Trouble.NOT_TLS, Trouble.CLOSED, Trouble.RESET
    ):  # fmt: skip
        return ""
    return f"{got.trouble}: {got.detail}" if got.detail else str(got.trouble)
