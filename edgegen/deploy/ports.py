"""Whether a port of this host is free: asked of the kernel, by binding to it for an instant."""

from __future__ import annotations

import errno
import socket
from enum import StrEnum

from edgegen.deploy.model import Published

_KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
_NO_SUCH_FAMILY = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT)


class Answer(StrEnum):
    """`UNKNOWN`: this user may not bind low ports, so the kernel gave no answer."""

    FREE = "free"
    BUSY = "busy"
    FOREIGN = "the address is not one of this host"
    UNKNOWN = "unknown"


def probe(port: Published) -> Answer:
    """Bind and release. All addresses means IPv4 and, where the host has it, IPv6, as the engine publishes."""
    if port.protocol not in _KINDS:
        return Answer.UNKNOWN  # sctp: the engine will report it
    if port.address:
        family = socket.AF_INET6 if ":" in port.address else socket.AF_INET
        return _bind(family, port.address, port)
    four = _bind(socket.AF_INET, "0.0.0.0", port)  # noqa: S104 - asked for by the compose file, held for an instant
    six = _bind(socket.AF_INET6, "::", port)
    return six if four is Answer.FREE and six is not Answer.FOREIGN else four


def _bind(family: socket.AddressFamily, address: str, port: Published) -> Answer:
    try:
        with socket.socket(family, _KINDS[port.protocol]) as probing:
            _as_the_engine_would(probing, family, port.protocol)
            probing.bind((address, port.port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return Answer.BUSY
        return Answer.FOREIGN if error.errno in _NO_SUCH_FAMILY else Answer.UNKNOWN
    return Answer.FREE


def _as_the_engine_would(probing: socket.socket, family: socket.AddressFamily, protocol: str) -> None:
    if protocol == "tcp":
        # A former holder's connections in TIME_WAIT don't stop the engine, so they must not stop us.
        probing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        probing.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
