"""A routed service on the host's network.

What it does
    Reports a service with a route and `network_mode: host`, where Traefik itself is not on the network of the host
    and has no `host.docker.internal`.

Why
    Traefik then looks for the service at 127.0.0.1, in its own container: every request gets 502.

Example
    `network_mode: host` with `traefik.http.routers.ha.rule=…`

Instead
    `extra_hosts: ["host.docker.internal:host-gateway"]` at Traefik, and `loadbalancer.server.port` at the service.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Mode, Project, Service
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.routed import routed

RULE = Rule("EL097", "host-network-routed", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each such service."""
    services = [service for _, service in project.proxies]
    if (
        project.mode is Mode.SWARM  # which ignores the key: EL112
        or len(services) != 1
        or _is_host(services[0])
        or "host.docker.internal" in str(services[0].data.get("extra_hosts"))
    ):
        return
    for name, service in project.services.items():
        if name != services[0].name and _is_host(service) and service.network_mode and name in routed(project):
            yield Found(
                name,
                f"`{name}` is on the network of the host, and Traefik looks for it at 127.0.0.1 in its own "
                "container: 502",
                service.network_mode.spot,
                f'give `{services[0].name}` `extra_hosts: ["host.docker.internal:host-gateway"]`',
            )


def _is_host(service: Service) -> bool:
    return service.network_mode is not None and service.network_mode.text == "host"
