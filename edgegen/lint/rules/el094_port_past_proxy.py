"""A published port that leads past the proxy.

What it does
    Reports a service with a route whose routed port is also published on all addresses of the host. Other ports of it
    (SSH of a Git server, a game) are not reported.

Why
    Docker opens a published port ahead of the firewall of the host. Whoever knows the address reaches the application
    without TLS, logins, allow lists and rate limits of the proxy.

Example
    `ports: ["8080:80"]` with `traefik.http.services.web.loadbalancer.server.port=80`

Instead
    No `ports`: Traefik reaches the service over their network. For yourself `127.0.0.1:8080:80`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Mode, Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.views.published import Reach, covers, number_of, reach_of
from edgegen.lint.views.routed import Routed, routed

RULE = Rule("EL094", "port-past-proxy", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each such port."""
    proxies = {service.name for _, service in project.proxies}
    for name, service in project.services.items():
        # Who has no port is not looked up: the routes of a large file take long.
        item = routed(project).get(name) if service.ports else None
        if item is None or name in proxies:
            continue
        wanted = item.ports or _only_port(item)
        for port in item.service.ports:
            if port.unset or (port.protocol or "tcp") != "tcp" or reach_of(port, project.mode) is not Reach.ALL:
                continue
            if any(covers(port.target, number) for number in wanted):
                message = (
                    f"port {port.published or port.target} of the host leads to `{name}` past Traefik: without its "
                    "TLS, logins and limits"
                )
                hint = "remove it" if project.mode is Mode.SWARM else "remove it, or bind it to 127.0.0.1"
                yield Found(name, message, port.spot, hint, confidence=None if item.ports else Confidence.MEDIUM)


def _only_port(item: Routed) -> frozenset[int]:
    """Without a label Traefik takes the lowest port that the container exposes: certain only where it is one."""
    numbers = {number_of(port.target) for port in item.service.ports}
    found = frozenset(number for number in numbers if number)
    return found if len(numbers) == len(found) == 1 else frozenset()
