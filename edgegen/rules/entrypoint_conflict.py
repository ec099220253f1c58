"""Two listeners on one port or one name.

What it does
    Refuses tcp entrypoints that share a name or a port with another one, and containers that publish a port of the
    edge on the host. Ranges, and ports on another address than the edge's, are not checked.

Why
    Traefik would not start (`address already in use`), or the engine would not publish the port.

Example
    two tcp services with `entrypoint: postgres` and different `listen`

Instead
    One name and one port for each entrypoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.spec.ports import on_host

ID = "ER012"


def check(spec: Spec) -> Iterator[Violation]:
    """Clashes between entrypoints, and between published ports."""
    ports = spec.edge.ports
    if ports.web == ports.websecure:
        yield Violation(("edge", "ports"), f"web and websecure can't both listen on {ports.web}")
    by_name: dict[str, int] = {"web": 80, "websecure": 443, "traefik": 8080}
    by_port: dict[int, str] = {
        80: "web",
        443: "websecure",
        8080: "traefik",
        ports.web: "web",
        ports.websecure: "websecure",
    }
    for name, service in spec.services.items():
        if service.own_entrypoint is None:
            continue
        entrypoint, listen = service.own_entrypoint
        if by_name.setdefault(entrypoint, listen) != listen or entrypoint in ("web", "websecure", "traefik"):
            yield Violation(
                ("services", name, "entrypoint"),
                f"the entrypoint `{entrypoint}` already listens on {by_name[entrypoint]}",
                "give this one another name",
            )  # fmt: skip
        elif by_port.setdefault(listen, entrypoint) != entrypoint:
            yield Violation(
                ("services", name, "listen"), f"port {listen} is already taken by the entrypoint `{by_port[listen]}`",
                "choose another port",
            )  # fmt: skip
    if not spec.edge.is_none:
        yield from _published_twice(spec)


def _published_twice(spec: Spec) -> Iterator[Violation]:
    ports = spec.edge.ports
    taken = {(str(ports.web), "tcp"), (str(ports.websecure), "tcp")}
    taken |= {(str(own[1]), "tcp") for service in spec.services.values() if (own := service.own_entrypoint)}
    if spec.edge.http3:
        taken.add((str(ports.websecure), "udp"))
    for name, service in spec.containers.items():
        for index, mapping in enumerate(service.ports):
            address, published, protocol = on_host(mapping)
            if (published, protocol) in taken and _overlap(address, spec.edge.bind):
                yield Violation(
                    ("services", name, "ports", index), f"the edge already publishes port {published} of the host",
                    "leave it out, since Traefik reaches the service without it; or publish another port",
                )  # fmt: skip


def _overlap(one: str | None, other: str | None) -> bool:
    everywhere = (None, "0.0.0.0", "::")  # noqa: S104  # addresses to compare, none to listen on
    return one in everywhere or other in everywhere or one == other
