"""A published port of Traefik where nothing listens.

What it does
    Compares the right side of Traefik's `ports` with the ports of its entrypoints. Reports also an entrypoint with
    HTTP/3 whose port is published for TCP and not for UDP.

Why
    Visitors get `connection refused`, on the machine itself `connection reset`, and Traefik's log is empty. Without its
    UDP port HTTP/3 is announced, and never answers.

Example
    `ports: ["80:80"]` with `--entrypoints.web.address=:8000`

Instead
    `ports: ["80:8000"]`
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from edgegen.core.finding import Severity
from edgegen.lint.model import Port, Project, Service
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import Address, Judged, entrypoints, is_on, judged, listening
from edgegen.lint.views.published import covers, number_of

RULE = Rule("EL105", "port-without-entrypoint", Severity.MEDIUM)
_WEB = ("80", "443")


def check(project: Project) -> Iterator[Found]:
    """Each Traefik whose entrypoints are all known."""
    for item in judged(project):
        service = item.traefik.service
        if service is None or service.partial or service.network_mode or not service.ports or not item.whole:
            continue
        named = entrypoints(item)
        there = {name: address for name, _, address in listening(item)}
        if not named or not named.keys() <= there.keys():
            continue  # Traefik makes its own, or the address of one is unknown
        heard = [address for _, _, address in listening(item)]
        yield from _silent(service, heard)
        yield from _without_udp(service, item)


def _silent(service: Service, heard: list[Address]) -> Iterator[Found]:
    numbers = {protocol: {one.port for one in heard if one.protocol == protocol} for protocol in ("tcp", "udp")}
    for port in chain.from_iterable(port.single for port in service.ports):
        protocol = (port.protocol or "tcp").lower()
        target = number_of(port.target)
        if port.unset or target is None or target in numbers.get(protocol, {target}):
            continue
        published = port.published or port.target
        where = f"{target} of `{service.name}`, where no entrypoint listens"
        others = ", ".join(map(str, sorted(numbers[protocol])))
        hint = f"its entrypoints are on {others}" if others else "an entrypoint for UDP has `/udp` after its port"
        other = "udp" if protocol == "tcp" else "tcp"
        if target in numbers[other] and not any(_leads(one, target, other) for one in service.ports):
            hint = f'the entrypoint there is for {other.upper()}: write `"{published}:{target}/{other}"`'
            yield Found(service.name, f"port {published}/{protocol} of the host leads to {where}", port.spot, hint)
            continue
        if protocol == "udp" and target in numbers[other]:
            hint = "for HTTP/3 the entrypoint needs `http3`; else remove the port"
        severity = None if published in _WEB and protocol == "tcp" else Severity.LOW
        yield Found(
            service.name, f"port {published}/{protocol} of the host leads to {where}", port.spot, hint, severity
        )


def _leads(port: Port, target: int, protocol: str) -> bool:
    """Whether a port may be published for this protocol, too."""
    return bool(port.unset) or (covers(port.target, target) and (port.protocol or "tcp").lower() == protocol)


def _without_udp(service: Service, item: Judged) -> Iterator[Found]:
    for name, spot, address in listening(item):
        if address.protocol == "udp" and is_on(item.static, f"entrypoints.{name}.http3"):
            ports = [port for port in service.ports if covers(port.target, address.port)]
            if ports and not any(_may_be_udp(port) for port in ports):
                message = f"`{name}` announces HTTP/3, and port {address.port} is not published for UDP"
                published = ports[0].published or str(address.port)
                hint = f'add `"{published}:{address.port}/udp"` to the ports of `{service.name}`'
                yield Found(service.name, message, spot, hint, Severity.LOW)


def _may_be_udp(port: Port) -> bool:
    return bool(port.unset) or port.protocol.lower() == "udp"
