"""A stack on a swarm as a manager would describe it, well unless said otherwise. Its spec is that of `making`."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from edgegen.core.location import Location
from edgegen.deploy.swarm.nodes import NodeSeen
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.deploy.swarm.tasks import TaskSeen
from edgegen.explain.swarm.view import SwarmInside
from edgegen.explain.wanted import Wanted
from tests.explain.making import API, wanted_of

STACK = {"com.docker.stack.namespace": "shop"}
NETWORKS = {"n1": "shop_edge", "n2": "shop_socket", "n3": "shop_other"}
CONSTRAINT = "Label(`com.docker.stack.namespace`,`shop`)"
FLAGS = (
    "--entrypoints.web.address=:80",
    "--entrypoints.web.http.redirections.entrypoint.to=websecure",
    "--providers.swarm=true",
    "--providers.swarm.endpoint=tcp://socket-proxy:2375",
    "--providers.swarm.exposedbydefault=false",
    "--providers.swarm.network=shop_edge",
    f"--providers.swarm.constraints={CONSTRAINT}",
)
LABELS = {name.replace("traefik.docker.", "traefik.swarm."): value for name, value in wanted_of(API).labels.items()}
STARTED = "2026-01-01T00:00:01Z"
KEYS = {key: Location("edge.yaml", line, 5) for line, key in enumerate(("image", "port", "networks", "deploy"), 20)}


def wanted(**changes: Any) -> Wanted:
    """What the spec wants behind the host of `api`, with lines of its keys."""
    of = wanted_of(API)
    return replace(of, **{"keys_where": KEYS, "body": {**of.body, "labels": LABELS}, **changes})


def api(**changes: Any) -> ServiceSeen:
    """The service behind the host."""
    good: dict[str, Any] = {
        "id": "api", "name": "shop_api", "labels": {**LABELS, **STACK}, "container_labels": STACK, "image": "api:1",
        "networks": ("n1",),
    }  # fmt: skip
    return ServiceSeen(**{**good, **changes})


def labelled(**labels: str | None) -> ServiceSeen:
    """The service with other labels; None takes one away. `__` stands for a dot."""
    own = {name.replace("__", "."): value for name, value in labels.items()}
    return api(labels={name: value for name, value in {**LABELS, **STACK, **own}.items() if value is not None})


def edge(**changes: Any) -> ServiceSeen:
    """Traefik."""
    good: dict[str, Any] = {
        "id": "edge", "name": "shop_traefik", "labels": STACK, "image": "traefik:v3.7", "networks": ("n1", "n2"),
        "args": FLAGS,
    }  # fmt: skip
    return ServiceSeen(**{**good, **changes})


def proxy(**changes: Any) -> ServiceSeen:
    """The socket proxy."""
    good: dict[str, Any] = {"id": "proxy", "name": "shop_socket-proxy", "labels": STACK, "networks": ("n2",)}
    return ServiceSeen(**{**good, **changes})


def task(of: str = "api", **changes: Any) -> TaskSeen:
    """A task that runs."""
    good: dict[str, Any] = {
        "id": f"{of}-task", "service": of, "state": "running", "desired": "running", "node": "node1", "slot": 1,
        "since": STARTED, "created": STARTED, "container": "c",
    }  # fmt: skip
    return TaskSeen(**{**good, **changes})


def seen(**changes: Any) -> SwarmInside:
    """All of it. `service`, `edge` and `proxy` are among `everything` whatever they are."""
    good: dict[str, Any] = {
        "service": api(), "edge": edge(), "proxy": proxy(), "tasks": (task(), task("edge"), task("proxy")),
        "nodes": {f"node{number}": NodeSeen(f"node{number}", name) for number, name in ((1, "one"), (2, "two"))},
        "networks": NETWORKS,
    }  # fmt: skip
    told = {**good, **changes}
    own = tuple(item for item in (told["service"], told["edge"], told["proxy"]) if item)
    return SwarmInside(**{**told, "everything": (*own, *changes.get("everything", ()))})


def tasks(*own: TaskSeen) -> tuple[TaskSeen, ...]:
    """Tasks of the service, with Traefik's and the socket proxy's."""
    return (*own, task("edge"), task("proxy"))
