"""Several registries that do not know of each other.

What it does
    Reports a registry with more than one replica that has a local volume (on a swarm each node has its own), or no
    `REGISTRY_HTTP_SECRET`.

Why
    A pull that meets the other replica finds nothing. Without a common secret, an upload that begins at one replica
    is refused by the other: `blob upload invalid`.

Example
    `deploy: {replicas: 3}` with `volumes: ["data:/var/lib/registry"]`

Instead
    An S3 bucket for the blobs and one `REGISTRY_HTTP_SECRET` for all, or one replica.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Mode, Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.paths import place_of
from edgegen.lint.views.registries import Registry, registries

RULE = Rule("EL089", "registry-replicated", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each registry that runs more than once."""
    for registry in registries(project):
        service = registry.service
        if not (service.replicas and service.replicas > 1) and not (service.is_global and project.mode is Mode.SWARM):
            continue
        many = f"{service.replicas} times" if service.replicas and service.replicas > 1 else "on every node"
        if project.mode is Mode.SWARM and registry.configured("storage") is False and _is_local(project, registry):
            message = f"`{service.name}` runs {many} on a local volume: each node knows only its own uploads"
            yield Found(service.name, message, service.spot, "keep the blobs in S3, or run one replica")
        if registry.configured("http_secret") is False and not registry.configured("http"):
            yield Found(
                service.name,
                f"`{service.name}` runs {many} without `REGISTRY_HTTP_SECRET`: an upload that meets another "
                "replica fails",
                service.spot,
                "give all of them the same `REGISTRY_HTTP_SECRET`",
            )


def _is_local(project: Project, registry: Registry) -> bool:
    place = place_of(project, registry.service, "/var/lib/registry")
    if place is None or place.mount.kind != "volume":
        return place is None
    volume = project.volumes.get(place.mount.source)
    return volume is None or not (volume.external or volume.data.get("driver") or volume.data.get("driver_opts"))
