"""One TCP connection to one address, within a total deadline."""

from __future__ import annotations

import errno
import ipaddress
import os
import re
import socket
import ssl
import time

from edgegen.net.answer import WANTS_A_CERTIFICATE, Failure, Phase, Trouble
from edgegen.net.deadline import ENOUGH, Deadline

_RESET = (errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE)
_NO_WAY = (errno.ENETUNREACH, errno.EADDRNOTAVAIL)
"""No route to the address, or no route to any address of its family: `has_way` finds out which."""
_UNREACHABLE = (errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EINVAL)
"""EINVAL is what Linux says for a blackhole route."""

_WANTS_A_CERTIFICATE = ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "SSLV3_ALERT_BAD_CERTIFICATE")
"""What a server says to a client without one. In TLS 1.3 it says so only after the handshake."""

# Addresses for documentation (RFC 5737, RFC 3849): nobody has them, so they are reached by the default route.
_ANYWHERE = {4: (socket.AF_INET, "192.0.2.1"), 6: (socket.AF_INET6, "2001:db8::1")}


def dial(address: str, port: int, deadline: Deadline) -> socket.socket | Failure:
    """A connected socket, or why there is none. `address` is an IP address: nothing is looked up. Never raises."""
    started = time.monotonic()
    try:
        family = ipaddress.ip_address(address.partition("%")[0]).version
    except ValueError:
        return Failure(Trouble.UNREACHABLE, Phase.CONNECT, f"{address} has no address that could be found")
    if not deadline.left:
        return deadline.judged(Failure(Trouble.TIMEOUT, Phase.CONNECT, "no time was left"), ENOUGH)
    try:
        return _connect(address, port, family, deadline)
    except (OSError, OverflowError) as error:
        return deadline.judged(_failure(error, family, time.monotonic() - started), ENOUGH)


def _connect(address: str, port: int, family: int, deadline: Deadline) -> socket.socket:
    sock = socket.socket(_ANYWHERE[family][0], socket.SOCK_STREAM)
    try:
        sock.settimeout(deadline.left or 0.001)  # 0 would mean "don't wait at all"
        sock.connect((address, port))
        # Requests are one small write each: Nagle's algorithm would only add delay.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


def trouble_of(error: Exception) -> Trouble:
    """What a socket's error means once there is a connection."""
    number = getattr(error, "errno", None)
    if isinstance(error, ssl.SSLError):
        return _trouble_of_tls(error)
    if isinstance(error, TimeoutError):  # ETIMEDOUT is one as well
        return Trouble.TIMEOUT
    if number in _RESET:
        return Trouble.RESET
    return Trouble.UNREACHABLE if number in (*_UNREACHABLE, errno.ENETUNREACH) else Trouble.LOCAL


def words_of(error: Exception) -> str:
    """A socket's or OpenSSL's error in a few words, without the line of Python's source that some of them name."""
    reason = getattr(error, "reason", None) if isinstance(error, ssl.SSLError) else None
    if reason in _WANTS_A_CERTIFICATE:
        return WANTS_A_CERTIFICATE
    return re.sub(r" \(_ssl\.c:\d+\)\Z", "", str(reason or getattr(error, "strerror", None) or error))


def _trouble_of_tls(error: ssl.SSLError) -> Trouble:
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return Trouble.CLOSED
    return Trouble.ALERT if "ALERT" in (getattr(error, "reason", None) or "") else Trouble.MALFORMED


def _failure(error: Exception, family: int, seconds: float) -> Failure:
    number = getattr(error, "errno", None) or 0
    trouble, detail = trouble_of(error), _detail(error, number, seconds)
    if number == errno.ECONNREFUSED:
        trouble = Trouble.REFUSED
    elif number == errno.EAFNOSUPPORT or (number in _NO_WAY and not has_way(family)):
        trouble, detail = Trouble.NO_FAMILY, f"this machine has no way to IPv{family} addresses ({detail})"
    return Failure(trouble, Phase.CONNECT, detail, seconds)


def _detail(error: Exception, number: int, seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {seconds:.1f} s"
    if number == errno.EINVAL:
        return "a route that leads nowhere"
    return os.strerror(number) if number else str(error)


def has_way(family: int) -> bool:
    """Whether this machine could reach addresses of the internet by IPv4 or IPv6. Sends nothing."""
    kind, address = _ANYWHERE[family]
    try:
        with socket.socket(kind, socket.SOCK_DGRAM) as sock:
            sock.connect((address, 53))
    except OSError:
        return False
    return True


def looked_up(name: str) -> tuple[str, ...]:
    """The addresses that this machine's own resolver has for a name. Raises OSError, or UnicodeError for a non-name.

    IPv4 first: `localhost` is usually ::1 as well, and what is started by hand usually listens at 127.0.0.1 only.
    """
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    ordered = sorted(found, key=lambda one: one[0] is not socket.AF_INET)
    return tuple(dict.fromkeys(str(one[4][0]) for one in ordered))
