"""Containers of several projects as the engine would tell of them, for the tests of what `up` asks about others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edgegen.compose.model import PROJECT_LABEL
from edgegen.deploy.containers import SERVICE, WORKING_DIR, ContainerSeen
from edgegen.deploy.model import Project, Published

FLAGS = (
    "--entrypoints.web.address=:80",
    "--entrypoints.websecure.address=:443",
    "--providers.docker=true",
    "--providers.docker.exposedbydefault=false",
    "--certificatesresolvers.letsencrypt.acme.httpchallenge.entrypoint=web",
)


def constraint(project: str) -> str:
    return f"--providers.docker.constraints=Label(`com.docker.compose.project`,`{project}`)"


def web_labels(host: str = "a.test", name: str = "web") -> dict[str, str]:
    return {
        "traefik.enable": "true",
        f"traefik.http.routers.{name}.rule": f"Host(`{host}`)",
        f"traefik.http.routers.{name}.service": name,
        f"traefik.http.services.{name}.loadbalancer.server.port": "80",
    }


def container(
    project: str, service: str, *, labels: dict[str, str] | None = None, networks: Sequence[str] = ("common",),
    folder: str = "", **more: Any,
) -> ContainerSeen:  # fmt: skip
    """A running container."""
    own = {PROJECT_LABEL: project, SERVICE: service, **({WORKING_DIR: folder} if folder else {}), **(labels or {})}
    given: dict[str, Any] = {
        "id": f"{project}{service}", "name": f"{project}-{service}-1", "service": service, "image": "web:1",
        "state": "running", "labels": own, "networks": dict.fromkeys(networks, "10.0.0.2"),
    }  # fmt: skip
    return ContainerSeen(**{**given, **more})


def publishing(name: str, project: str, ports: tuple[Published, ...]) -> ContainerSeen:
    """A running container that holds ports."""
    return ContainerSeen(name, name, state="running", labels={PROJECT_LABEL: project} if project else {}, ports=ports)


def traefik(project: str, *flags: str, networks: Sequence[str] = ("common",), **more: Any) -> ContainerSeen:
    """A running Traefik with these flags beside the usual ones."""
    args = ("traefik", *FLAGS, *flags)
    return container(project, "traefik", image="traefik:v3.7", args=args, networks=networks, **more)


def planned(*flags: str, edge: bool = True, **services: dict[str, str]) -> Project:
    """Project `shop` as Compose reads it: Traefik with these flags, and services with these labels."""
    bodies: dict[str, Any] = {
        name: {"image": "web:1", "labels": {key: value.replace("$", "$$") for key, value in labels.items()},
               "networks": {"common": None}}
        for name, labels in services.items()
    }  # fmt: skip
    if edge:
        bodies["traefik"] = {"image": "traefik:v3.7", "command": [*FLAGS, *flags], "networks": {"common": None}}
    return Project.read({"name": "shop", "services": bodies, "networks": {"common": {"name": "common"}}})
