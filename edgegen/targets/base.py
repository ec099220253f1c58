"""What a target (Compose on one host, a swarm) makes of a stack. Kinds and the edge are described once, for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from edgegen.compose.model import File, Service
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.traefik.static import HasFlags


class Target(Protocol):
    """One way of running the stack."""

    file_name: str
    """The file that is rendered for it. A frame `templates/project/<file_name>.j2` replaces the common one."""
    provider: str
    """Traefik's provider: `docker` or `swarm`; also the suffix of names (`https-only@docker`)."""
    proxy_rights: tuple[str, ...]
    """The paths of the engine's API that this provider reads through the socket proxy, as regular expressions."""

    def watching(self, endpoint: str, network: str, project: str | None) -> HasFlags:
        """Traefik's provider for an engine's endpoint. `project`: the only one that it sees; None for all."""

    def real_name(self, project: str, name: str) -> str:
        """The name that the engine gives to a network or volume of the project."""

    def shaped(self, service: Service) -> Service:
        """A service in the words that this target reads: where labels, limits and restarts are written."""

    def whole(self, file: File) -> File:
        """The file, of shaped services: what secrets, configs, networks and volumes become."""

    def complaints(self, spec: Spec) -> Iterator[Complaint]:
        """What the spec asks for but this target can't do."""

    def remarks(self, spec: Spec) -> Iterator[Complaint]:
        """What this target leaves out, or does in another way than the spec's author may think."""


def translated(target: Target, file: File) -> File:
    """The file as it is written for a target. Nothing else translates."""
    services = {name: target.shaped(service) for name, service in file.services.items()}
    return target.whole(replace(file, services=services))
