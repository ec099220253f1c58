"""The Docker API on a published port.

What it does
    Reports a socket proxy, or a Docker in Docker without TLS, whose port 2375 is published on an address other than
    the loopback. A socket proxy that only answers questions (no `POST=1`) is reported as medium.

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
        if not _is_docker_api(service):
            continue
        for port in service.ports:
            if covers(port.target, 2375) and (where := reach_of(port, project.mode)) >= Reach.ADDRESS:
                writes = _writes(service)
                yield Found(
                    service.name,
                    "the Docker API is published without a password: whoever reaches port "
                    f"{port.published or port.target} {'owns this host' if writes else 'sees every container'}",
                    port.spot,
                    "remove the port, or bind it to 127.0.0.1",
                    None if writes and where is Reach.ALL else Severity.MEDIUM,
                )


def _writes(service: Service) -> bool:
    """Whether it takes more than questions. A socket proxy does so only if `POST` is on."""
    if service.image is None or "socket-proxy" not in service.image.text:
        return True
    value = service.environment.get("POST")
    return value is not None and value.text.lower() in ("1", "true")


def _is_docker_api(service: Service) -> bool:
    text = service.image.text if service.image else ""
    image = image_of(service) if "socket-proxy" in text or "dind" in text else None
    if image is None:
        return False
    return "socket-proxy" in image.name or (image.name == "docker" and "dind" in image.tag)
