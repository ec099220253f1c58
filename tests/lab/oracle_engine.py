"""The two engines that Traefik reads labels from: what they call a project, where labels stand, and how they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.docker_api import FakeDockerApi
from tests.fakes.swarm_api import FakeSwarmApi

Data = dict[str, Any]


@dataclass(frozen=True)
class Engine:
    """`provider` is Traefik's; `project_label` the engine's own label, which constraints ask for."""

    provider: str
    project_label: str
    name: str
    """The real name of a service, of its `{project}` and its own `{name}`."""
    edge_has_labels: bool
    """Whether labels of Traefik's own service may route: on a swarm a new task would be needed for a file."""
    labels: Callable[[Data], Any]
    """Where a service of the file has the labels that the provider reads."""
    answering: Callable[[Sequence[Mapping[str, Any]], Path], FakeDockerApi]


def _as_service(container: Mapping[str, Any]) -> dict[str, Any]:
    """A service with one address of the loopback for each task."""
    networks = {
        name: [address.replace("127.64.", f"127.{64 + slot}.", 1) for slot in range(container.get("replicas", 1))]
        for name, address in container["networks"].items()
    }
    return {**container, "networks": networks}


COMPOSE = Engine(
    "docker",
    "com.docker.compose.project",
    "{project}-{name}-1",
    edge_has_labels=False,
    labels=lambda service: service.get("labels"),
    answering=lambda containers, path: FakeDockerApi(containers, socket_path=path),
)
SWARM = Engine(
    "swarm",
    "com.docker.stack.namespace",
    "{project}_{name}",
    edge_has_labels=True,
    labels=lambda service: (service.get("deploy") or {}).get("labels"),
    answering=lambda services, path: FakeSwarmApi(map(_as_service, services), socket_path=path),
)
