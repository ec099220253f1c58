"""Which ports of a service can be reached from where."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from enum import IntEnum

from edgegen.lint.model import Mode, Port, Project, Service
from edgegen.lint.services import numbers


class Reach(IntEnum):
    """From where a published port answers."""

    NOWHERE = 0
    LOOPBACK = 1
    UNKNOWN = 2
    ADDRESS = 3
    """One address of the host: it may be a private one."""
    ALL = 4


def reach_of(port: Port, mode: Mode = Mode.COMPOSE) -> Reach:
    """From where this port answers. A swarm ignores the address."""
    if not port.address or mode is Mode.SWARM:
        return Reach.ALL
    try:
        address = ipaddress.ip_address(port.address.strip("[]"))
    except ValueError:
        return Reach.LOOPBACK if port.address == "localhost" else Reach.UNKNOWN
    if address.is_loopback:
        return Reach.LOOPBACK
    return Reach.ALL if address.is_unspecified else Reach.ADDRESS


def reach(project: Project, service: Service, target: int) -> Reach:
    """The widest reach of a port of the container; of the host's network it has all."""
    if service.network_mode and service.network_mode.text == "host":
        return Reach.ALL
    found = (reach_of(port, project.mode) for port in published(service, target))
    return max(found, default=Reach.NOWHERE)


def published(service: Service, target: int, protocol: str = "tcp") -> Iterator[Port]:
    """The published ports that lead to a port of the container."""
    return (port for port in service.ports if (port.protocol or "tcp") == protocol and covers(port.target, target))


def covers(text: str, number: int) -> bool:
    """Whether a port, or a range of ports, holds this number."""
    return number in numbers(text)


def number_of(text: str) -> int | None:
    """A port number; None for a range, a variable, or anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else None
