"""A socket proxy that lets anyone start containers.

What it does
    Reads the environment of the usual socket proxies (tecnativa, linuxserver), and reports `POST=1` together with a
    section that changes something: `CONTAINERS`, `EXEC`, `IMAGES`, `SERVICES`, `VOLUMES` and others. `CONTAINERS=1`
    without `POST` is reported as low.

Why
    With both, whoever reaches the proxy can create a container that mounts the host, which is as good as the socket
    itself. Even without `POST`, `CONTAINERS=1` gives `archive`, any file of any container, and `logs`.

Example
    `environment: {CONTAINERS: 1, POST: 1}`

Instead
    `POST: 0`, an internal network that only the proxy and Traefik are on, or an HAProxy that allows only the paths that
    Traefik reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project, Service
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.image import image_of

RULE = Rule("EL066", "socket-proxy-too-open", Severity.MEDIUM)

SECTIONS = ("CONTAINERS", "EXEC", "IMAGES", "SERVICES", "TASKS", "VOLUMES", "NETWORKS", "SWARM", "BUILD", "SECRETS",
            "CONFIGS", "PLUGINS", "SYSTEM")  # fmt: skip


def check(project: Project) -> Iterator[Found]:
    """Each socket proxy by what its variables allow."""
    for service in project.services.values():
        if service.image is None or "socket" not in service.image.text:
            continue
        image = image_of(service)
        if image is None or image.name not in ("docker-socket-proxy", "socket-proxy"):
            continue
        said = _said(service)
        writes = [name for name in SECTIONS if said.get(name) == "1"]
        value = service.environment.get("POST")
        if said.get("POST") == "1" and writes and value is not None:
            message = f"`POST=1` with `{writes[0]}=1` lets everyone who reaches this proxy " + (
                "start containers that own the host" if "CONTAINERS" in writes else "change things on the engine"
            )
            yield Found(service.name, message, value.spot, "set `POST=0`: Traefik only reads")
        elif said.get("CONTAINERS") == "1" and (value := service.environment.get("CONTAINERS")) is not None:
            yield Found(
                service.name,
                "`CONTAINERS=1` allows everything below `/containers` that only reads: any file of any container by "
                "`archive`, and all logs",
                value.spot,
                "keep this proxy on an internal network with only Traefik",
                Severity.LOW,
            )


def _said(service: Service) -> dict[str, str]:
    return {
        name: "1" if value.text.lower() in ("1", "true") else value.text
        for name, value in service.environment.items()
        if value is not None and value.known
    }
