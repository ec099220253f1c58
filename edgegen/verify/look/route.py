"""Where the parts of a conversation with a registry lead: the registry itself, its token server, its storage."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from edgegen.core.errors import OutsideError
from edgegen.endpoints import Endpoint
from edgegen.lookup import ask_any, system_servers
from edgegen.net.answer import Failure, Phase, Trouble
from edgegen.net.deadline import Deadline
from edgegen.system.internet import is_public, literal
from edgegen.verify.detours import target
from edgegen.verify.settings import Settings

Route = Callable[[str, int], "tuple[str, int] | Failure"]
"""(host, port) that is meant -> (address, port) to dial, or why there is nowhere to dial."""


def route(endpoint: Endpoint, address: str, settings: Settings, deadline: Deadline) -> Route:
    """The endpoint leads to `address`; every other name is looked up, and only public addresses are dialled.

    A registry names these hosts, and it may name what is inside of this machine's own network.
    """

    def lead(host: str, port: int) -> tuple[str, int] | Failure:
        if (host.lower(), port) == (endpoint.host.lower(), endpoint.port):
            return target(settings, host, port, address)
        detour, detour_port = target(settings, host, port, "")
        if detour:
            return detour, detour_port
        found = _address(host, settings, deadline)
        if found and (settings.allow_private or found == address or is_public(found)):
            return found, port
        why = f"{host} has the address {found}, which is not public" if found else f"{host} has no address"
        return Failure(Trouble.UNREACHABLE, Phase.CONNECT, why)

    return lead


def _address(host: str, settings: Settings, deadline: Deadline) -> str:
    """The first address of a name, IPv4 before IPv6, or ""."""
    if address := literal(host):
        return address
    with suppress(OutsideError):
        servers = settings.resolvers or system_servers()
        for kind in ("A", "AAAA"):
            reply = ask_any(servers, host, kind, timeout=max(0.1, min(3.0, deadline.left)))
            if reply.values:
                return reply.values[0]
    return ""
