"""A published port of a service that is on internal networks only.

What it does
    Reports `ports` of a service whose networks are all `internal: true`; at Traefik the severity is high. A swarm
    publishes in another way, and is passed. What edgegen has rendered is left to ER028.

Why
    Docker publishes no port of such a container, and does not say so: visitors get `connection refused`. A Traefik
    there can't reach Let's Encrypt either.

Example
    `networks: {proxy: {internal: true}}` as the only network of Traefik, with `ports: ["443:443"]`

Instead
    Traefik on a second network that is not internal.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.model import Mode, Project, Service
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL116", "internal-port", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each such service."""
    if project.mode is Mode.SWARM:
        return
    internal = {key for key, network in project.networks.items() if network.internal and not network.external}
    proxies = {service.name for _, service in project.proxies}
    for service in project.services.values() if internal else ():
        if service.ports and not service.partial and _is_within(service, internal):
            names = ", ".join(f"`{shown(name)}`" for name in service.networks)
            yield Found(
                service.name,
                f"`{service.name}` is on internal networks only ({names}): Docker publishes none of its ports",
                service.ports[0].spot,
                "add a network that is not internal, or remove the ports",
                Severity.HIGH if service.name in proxies else None,
            )


def _is_within(service: Service, internal: set[str]) -> bool:
    return bool(service.networks) and not service.spot.file.is_rendered and internal.issuperset(service.networks)
