"""Target compose: one host, labels on the containers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from edgegen.compose.model import CONFIG_LABEL, OVERRIDES, PROJECT_LABEL, Data, File, Merged, Service
from edgegen.core.location import Path
from edgegen.spec.configs import ConfigMount
from edgegen.spec.edge import Spec
from edgegen.spec.mounted import contradicting_modes
from edgegen.spec.problems import Complaint
from edgegen.targets.base import Dynamic, Target
from edgegen.targets.contents import Contents
from edgegen.traefik.constraints import only_label
from edgegen.traefik.engine_providers import DockerProvider
from edgegen.traefik.middlewares import Middleware

if TYPE_CHECKING:
    from edgegen.spec.container import Container


class ComposeTarget(Target):
    """`docker compose` on one host. The model is in Compose's own words: there is nothing to translate."""

    file_name = "docker-compose.yml"
    overrides = OVERRIDES
    provider = "docker"
    reads = "containers"
    files_are_sent = False
    edge_has_labels = False
    publishes_on_addresses = True
    tries_again = False
    log_level = "INFO"
    proxy_rights = ("version", "events", "containers/json", "containers/[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}/json")

    def watching(self, endpoint: str, network: str, project: str | None) -> DockerProvider:
        """The docker provider. Two Traefiks that read each other's labels break each other's routers."""
        return DockerProvider(endpoint, network, only_label(PROJECT_LABEL, project) if project is not None else None)

    def restarting(self, _project: str, service: str) -> str:
        return f"docker compose restart {service}"

    def real_name(self, project: str, name: str) -> str:
        # Compose joins with an underscore; networks are given this name explicitly, so it holds everywhere.
        return f"{project}_{name}"

    def variable(self, value: str) -> str:
        return value

    def keeps(self, middleware: Middleware) -> str:  # noqa: ARG002  # all alike
        return "file"

    def said_by_labels(self, dynamic: Dynamic) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        # Traefik reads a changed file at once; changed labels would be another container.
        return {}, {name: dict(data) for name, data in dynamic.items()}

    def translated(self, file: File, contents: Contents) -> File:  # noqa: ARG002  # mounted as they are
        services = {name: with_digest(_mounted(service), file.configs) for name, service in file.services.items()}
        return replace(file, services=services)

    def complaints(self, spec: Spec) -> Iterator[Complaint]:
        """What only a swarm has, and configs that Compose would ignore with a warning or refuse when it creates."""
        yield from _only_on_a_swarm(spec)
        yield from contradicting_modes(spec)
        for name, service in spec.containers.items():
            for index, use in enumerate(service.configs):
                yield from _unsupported_config(spec, service, use, ("services", name, "configs", index))
        if _has_deploy(spec):
            from edgegen.targets.compose_parts import deploy  # few specs have any

            yield from deploy.complaints(spec)

    def remarks(self, spec: Spec) -> Iterator[Complaint]:
        """What only a swarm reads of `deploy`."""
        if _has_deploy(spec):
            from edgegen.targets.compose_parts import deploy  # few specs have any

            yield from deploy.remarks(spec)


def _has_deploy(spec: Spec) -> bool:
    """Whether it may have `deploy` anywhere: `extra` may hold it too."""
    containers = spec.containers.values()
    extras = (spec.extra, spec.edge.extra, *(service.extra for service in spec.services.values()))
    return any(item.deploy is not None for item in containers) or any(extras)


def _mounted(service: Service) -> Service:
    volumes = [*(service.volumes or ()), *(mount.bind() for mount in service.own_mounts)]
    return replace(service, volumes=volumes or None, secrets=[_without_mode(item) for item in service.secrets or ()])


def _without_mode(mount: Any) -> Any:
    """Compose ignores the mode, with a warning, and mounts the file with the mode that it has."""
    if not isinstance(mount, dict):
        return mount
    kept = {key: value for key, value in mount.items() if key != "mode"}
    return kept if len(kept) > 1 else mount["source"]


def with_digest(service: Service, configs: Mapping[str, Data]) -> Service:
    """The service with a digest of the texts of its configs, so that Compose recreates its container with them.

    Compose compares how a service is described, not what its configs hold. Files on the disk have their own times.
    """
    names = sorted({use if isinstance(use, str) else str(use["source"]) for use in service.configs or ()})
    held = {name: configs[name]["content"] for name in names if "content" in configs.get(name, {})}
    if not held:
        return service
    digest = hashlib.sha256(json.dumps(held, sort_keys=True, default=str).encode()).hexdigest()[:16]
    return replace(service, labels=_with(service.labels, digest))


def _with(labels: Any, digest: str) -> Any:
    if isinstance(labels, Merged):
        return replace(labels, own={**labels.own, CONFIG_LABEL: digest})
    return {**(labels or {}), CONFIG_LABEL: digest}


def _only_on_a_swarm(spec: Spec) -> Iterator[Complaint]:
    for name, source in spec.configs.items():
        if source.external:
            yield Complaint(
                ("configs", name, "external"), "only a swarm keeps configs: Compose has none that exist already",
                "use `file` or `content`, or `target: swarm`",
            )  # fmt: skip
    for name, service in spec.containers.items():
        if service.drain is not None:
            yield Complaint(
                ("services", name, "drain"),
                "Compose stops the old container before it starts the new one: nothing would take over while it drains",
                "remove it, or use `stop_grace_period` for an app that needs time to stop; it is for `target: swarm`",
            )
    for name, network in spec.networks.items():
        if network.encrypted:
            message = "only the network of a swarm can be encrypted: on one host nothing leaves the host"
            yield Complaint(("networks", name, "encrypted"), message, "remove it, or use `target: swarm`")


def _unsupported_config(spec: Spec, service: Container, use: ConfigMount, at: Path) -> Iterator[Complaint]:
    source = spec.configs[use.source]
    if source.file:
        for key in ("uid", "gid", "mode"):
            if getattr(use, key) is not None:
                yield Complaint(
                    (*at, key),
                    f"Compose mounts the file of `{use.source}` as it is: `{key}` would be ignored",
                    "change the file itself, or use `content`",
                )
    elif source.content is not None and service.read_only:
        message = f"`{use.source}` has `content`, which Compose can't copy into a service that is `read_only`"
        yield Complaint(at, message, "write the text into a file and use `file`")
