"""The two engines that Traefik reads labels from: what they call a project, and where labels stand in a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from edgegen.oracle.question import PROJECT_LABEL, Provider

Data = dict[str, Any]


@dataclass(frozen=True)
class Engine:
    """`provider` is Traefik's."""

    provider: Provider
    name: str
    """The real name of a service, of its `{project}` and its own `{name}`."""
    edge_has_labels: bool
    """Whether labels of Traefik's own service may route: on a swarm a new task would be needed for a file."""
    labels: Callable[[Data], Any]
    """Where a service of the file has the labels that the provider reads."""

    @property
    def project_label(self) -> str:
        """The engine's own label, which constraints ask for."""
        return PROJECT_LABEL[self.provider]


COMPOSE = Engine("docker", "{project}-{name}-1", edge_has_labels=False, labels=lambda service: service.get("labels"))
SWARM = Engine(
    "swarm",
    "{project}_{name}",
    edge_has_labels=True,
    labels=lambda service: (service.get("deploy") or {}).get("labels"),
)
