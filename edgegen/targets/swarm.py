"""Target swarm: `docker stack` on many hosts. Every key of a service is kept, translated, or refused at its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from edgegen.compose.model import Data, File
from edgegen.compose.swarm_names import NAMESPACE_LABEL, in_stack
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.targets.base import Dynamic, Target
from edgegen.targets.contents import Contents
from edgegen.targets.swarm_parts import dynamic_labels
from edgegen.targets.swarm_parts.complaints import complaints
from edgegen.targets.swarm_parts.edge import REFRESH_SECONDS, Watching
from edgegen.targets.swarm_parts.held import Held
from edgegen.targets.swarm_parts.remarks import remarks
from edgegen.targets.swarm_parts.services import shaped
from edgegen.targets.swarm_parts.templates import literal
from edgegen.targets.swarm_parts.volumes import volumes
from edgegen.traefik.constraints import only_label
from edgegen.traefik.engine_providers import SwarmProvider
from edgegen.traefik.middlewares import Middleware


class SwarmTarget(Target):
    """`docker stack deploy` on the managers of a swarm: labels under `deploy`, secrets and configs of the swarm."""

    file_name = "stack.yml"
    provider = "swarm"
    proxy_rights = ("version", "services", "networks", "tasks", "nodes/[a-zA-Z0-9]{1,64}")
    reads = "services, tasks, networks and nodes"
    files_are_sent = True
    edge_has_labels = True
    publishes_on_addresses = False
    tries_again = True
    log_level = "WARN"  # at INFO each poll, every two seconds, says that its own labels have no router

    def watching(self, endpoint: str, network: str, project: str | None) -> Watching:
        """The swarm provider, asked often, with a short wait for tasks that are gone."""
        only = only_label(NAMESPACE_LABEL, project) if project is not None else None
        return Watching(SwarmProvider(endpoint, network, only, refresh_seconds=REFRESH_SECONDS))

    def restarting(self, project: str, service: str) -> str:
        return f"docker service update --force {in_stack(project, service)}"

    def real_name(self, project: str, name: str) -> str:
        return in_stack(project, name)

    def variable(self, value: str) -> str:
        return literal(value)

    def keeps(self, middleware: Middleware) -> str:
        return self.provider if dynamic_labels.is_said(middleware.dynamic()) else "file"

    def said_by_labels(self, dynamic: Dynamic) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        return dynamic_labels.said_by_labels(dynamic)

    def translated(self, file: File, contents: Contents) -> File:
        held = Held(file, contents)
        return replace(
            file,
            name="",  # `docker stack` has the name from its command line, and refuses it here
            services={name: shaped(name, service, file, held) for name, service in file.services.items()},
            networks=_overlays(file),
            volumes=volumes(file),
            secrets=held.secrets(),
            configs=held.configs(),
        )

    def complaints(self, spec: Spec) -> Iterator[Complaint]:
        return complaints(spec)

    def remarks(self, spec: Spec) -> Iterator[Complaint]:
        return remarks(spec)


def _overlays(file: File) -> dict[str, Data]:
    """The networks of the file, which every node can join. Single containers may join that of the edge too, for a look
    from inside."""
    return {name: _overlay(options, attachable=name == file.edge_network) for name, options in file.networks.items()}


def _overlay(options: Data, *, attachable: bool) -> Data:
    if options.get("external"):
        return options
    named = {"name": options["name"]} if "name" in options else {}
    own = {key: value for key, value in options.items() if key != "name"}
    joined = {"attachable": True} if attachable else {}
    return named | {"driver": "overlay"} | joined | own
