"""The Docker API on a published port.

What it does
    Reports a socket proxy, or a Docker in Docker without TLS, whose port 2375 is published on an address other than
    the loopback.

Why
    Whoever reaches the port controls the engine, without a password. Docker opens published ports ahead of the
    firewall of the host. Port 2375 is scanned for all the time.

Example
    `ports: ["2375:2375"]` at `tecnativa/docker-socket-proxy`

Instead
    No `ports`: Traefik reaches the proxy over their network.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project, Service
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.image import image_of
from edgegen.lint.views.published import Reach, covers, reach_of

RULE = Rule("EL067", "docker-tcp-published", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each of them."""
    for service in project.services.values():
        if not service.ports or not _is_docker_api(service):
            continue
        for port in service.ports:
            if covers(port.target, 2375) and (where := reach_of(port, project.mode)) >= Reach.ADDRESS:
                yield Found(
                    service.name,
                    "the Docker API is published without a password: whoever reaches port "
                    f"{port.published or port.target} owns this host",
                    port.spot,
                    "remove the port, or bind it to 127.0.0.1",
                    None if where is Reach.ALL else Severity.MEDIUM,
                )


def _is_docker_api(service: Service) -> bool:
    image = image_of(service)
    if image is None:
        return False
    return "socket-proxy" in image.name or (image.name == "docker" and "dind" in image.tag)
