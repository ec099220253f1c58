"""The containers of a question behind an engine that only answers, on addresses of the loopback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from edgegen.oracle import labels, sentinel
from edgegen.oracle.disk import Disk
from edgegen.oracle.engine_api import EngineApi
from edgegen.oracle.question import Container, Question
from edgegen.oracle.short_folder import SOCKET
from edgegen.oracle.swarm_api import SwarmApi


@contextmanager
def offered(question: Question, disk: Disk) -> Iterator[EngineApi]:
    """The engine, as long as the block lasts; last of all it has the sentinel."""
    networks = list(dict.fromkeys(name for item in question.containers for name in item.networks))
    last = sentinel.container(question.provider, question.project, networks)
    placed = [_placed(container, f"127.64.{index // 250}.{index % 250 + 1}", disk)
              for index, container in enumerate(question.containers)]  # fmt: skip
    placed.append(_placed(last, "127.64.255.1", disk))
    socket_path = disk.folder / SOCKET
    if question.provider == "swarm":
        engine: EngineApi = SwarmApi(map(_as_service, placed), socket_path=socket_path)
    else:
        engine = EngineApi(placed, socket_path=socket_path)
    with engine:
        yield engine


def _placed(container: Container, address: str, disk: Disk) -> dict[str, Any]:
    return {
        "name": container.name,
        "labels": labels.safe(container.labels, disk),
        "networks": dict.fromkeys(container.networks, address),
        "ports": list(container.ports),
        "replicas": container.replicas,
        "mode": container.endpoint_mode,
        "container_labels": dict(container.container_labels),
    }


def _as_service(container: Mapping[str, Any]) -> dict[str, Any]:
    """A service with one address of the loopback for each task."""
    networks = {
        name: [address.replace("127.64.", f"127.{64 + slot}.", 1) for slot in range(container["replicas"])]
        for name, address in container["networks"].items()
    }
    return {**container, "networks": networks}
