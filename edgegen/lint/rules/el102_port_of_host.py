"""A port of the host where the container's own is needed.

What it does
    Reports a `loadbalancer.server.port` that is only the left side of the service's `ports`: nothing else of the
    service, no `expose`, variable or word of its command, names this number.

Why
    Traefik reaches the container over their network, where published ports don't exist. Nothing listens there: every
    request gets 502.

Example
    `ports: ["8080:80"]` with `traefik.http.services.web.loadbalancer.server.port=8080`

Instead
    The right side: `traefik.http.services.web.loadbalancer.server.port=80`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Port, Project, Service
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.views.published import covers
from edgegen.traefik.go_values import as_number

RULE = Rule("EL102", "port-of-host", Severity.MEDIUM, Confidence.MEDIUM)
_OPTION = "loadbalancer.server.port"
_NUMBER = late_pattern(r"(?<![\w.])\d+(?![\w.])")


def check(project: Project) -> Iterator[Found]:
    """Ports of services."""
    for item in edge_of(project).of("services"):
        if item.service is None or item.service.partial:
            continue
        number = item.text(_OPTION)
        meant = _meant(item.service, number, "udp" if item.section == "udp" else "tcp")
        if meant and not _names_it(item.service, number):
            where = f"the host, where it leads to {meant} of `{item.service.name}`"
            message = f"`{shown(number)}` is a port of {where}, and Traefik needs the container's own"
            yield Found(item.owner, message, item.place(_OPTION), f"write `{meant}`")


def _meant(service: Service, number: str, protocol: str) -> str:
    """The container's port behind this one of the host; empty where the container may have both."""
    ports = [one for port in service.ports if (port.protocol or "tcp") == protocol for one in port.single]
    if not number.isdecimal() or any(port.unset or covers(port.target, as_number(number)) for port in ports):
        return ""
    return next((port.target for port in ports if _is_single(port) and port.published == number), "")


def _is_single(port: Port) -> bool:
    return port.target.isdecimal() and port.published.isdecimal()


def _names_it(service: Service, number: str) -> bool:
    """Whether the service itself names this port: it may then listen there as well."""
    texts = [value.text for value in (*service.expose, *service.command, *service.entrypoint)]
    texts += [value.text for value in service.environment.values() if value is not None]
    return any(number in _NUMBER.findall(text) for text in texts)
