"""A published port that listens on all addresses of the host without saying so.

What it does
    Reports `ports` of a service without an address; the spec is rendered all the same. `0.0.0.0:8080:80` says that all
    addresses are meant, and is not reported.

Why
    Docker opens a published port ahead of the host's firewall: ufw and firewalld do not close it. Anyone who knows the
    address reaches the container past the edge, without its TLS, passwords and middlewares.

Example
    `ports: ["5432:5432"]`

Instead
    `ports: ["127.0.0.1:5432:5432"]`, or no `ports`: Traefik reaches the service without them. A swarm publishes on
    every address of the node, so there only the second is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edgegen.core.data import mapping
from edgegen.core.finding import Severity
from edgegen.core.location import Path
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.spec.ports import PortMapping, on_host
from edgegen.spec.variables import has_variables
from edgegen.targets import find_target

ID = "ER027"


def check(spec: Spec) -> Iterator[Violation]:
    """Ports on all addresses, including those under `extra:`."""
    target = find_target(spec.target)
    binds = target is None or target.publishes_on_addresses
    for name, service in spec.services.items():
        at: Path = ("services", name)
        yield from _open((*at, "ports"), service.as_container.ports if service.as_container else (), binds=binds)
        yield from _open((*at, "extra", "ports"), service.extra.get("ports"), binds=binds)
    for name, body in mapping(spec.extra.get("services")).items():
        yield from _open(("extra", "services", name, "ports"), mapping(body).get("ports"), binds=binds)


def _open(at: Path, ports: Any, *, binds: bool) -> Iterator[Violation]:
    for index, port in enumerate(ports if isinstance(ports, list) else ()):
        if (text := _without_address(port)) is not None:
            message = f"`{text}` is published on every address of the host, past the edge and past the host's firewall"
            yield Violation((*at, index), message, _hint(text, binds=binds), refused=False, severity=Severity.MEDIUM)


def _hint(text: str, *, binds: bool) -> str:
    first = f"write `127.0.0.1:{text}`" if binds else "remove it: the edge and other services don't need it"
    return f"{first}, or write `0.0.0.0:{text}` if that is what you want"


def _without_address(port: Any) -> str | None:
    """The short form of a port without an address. None if it has one, or a variable may give it one."""
    if isinstance(port, dict):
        port = PortMapping.model_construct(**{"host_ip": None, "published": None, "protocol": None, **port})
    if isinstance(port, PortMapping):
        text = f"{port.published or ''}:{port.target}".removeprefix(":")
        return text if port.host_ip is None else None
    text = str(port)
    return text if not has_variables(text) and on_host(text).address is None else None
