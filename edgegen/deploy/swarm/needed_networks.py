"""The networks that a stack needs, compared with those that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from edgegen.compose.swarm_names import NAMESPACE_LABEL
from edgegen.core.errors import Problem
from edgegen.deploy.answers import Reader
from edgegen.deploy.preflight import Preparation
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.asking import inspected, listed
from edgegen.deploy.swarm.commands import overlay_command
from edgegen.deploy.swarm.stack_file import Network, StackFile

INSPECT = Reader("docker network inspect")
_FORMAT = '{"id":{{json .ID}},"name":{{json .Name}},"scope":{{json .Scope}},"labels":{{json .Labels}}}'
_BUILT_IN = ("host", "bridge", "none")


class NetworkSeen(Struct, frozen=True):
    """One network, as this engine knows it."""

    id: str
    name: str
    scope: str
    stack: str = ""
    """The stack that made it, or ""."""


def present_networks(runner: Executor) -> tuple[NetworkSeen, ...]:
    """All networks that this engine knows. Raises OutsideError."""
    ids = listed(runner, "network", "ls", "--quiet", "--no-trunc")
    return tuple(map(_network, inspected(runner, ids, _FORMAT, INSPECT, "network", "inspect")))


def network_problems(stack: StackFile, seen: Iterable[NetworkSeen]) -> Iterator[Problem]:
    """Networks that have the right name and are not what the stack needs."""
    by_name = _by_name(seen)
    for wanted in stack.networks:
        present = by_name.get(wanted.name)
        if present is None or wanted.name in _BUILT_IN:
            continue
        if wanted.external and present.scope != "swarm":
            yield _local(wanted)
        elif not wanted.external and present.stack != stack.name:
            yield _taken(wanted, present)


def missing_networks(stack: StackFile, seen: Iterable[NetworkSeen]) -> Iterator[Preparation]:
    """External networks that do not exist yet."""
    by_name = _by_name(seen)
    for wanted in stack.networks:
        if wanted.external and wanted.name not in by_name and wanted.name not in _BUILT_IN:
            told = f"created the external network `{wanted.name}`, an overlay that other stacks may join"
            yield Preparation("network", wanted.name, overlay_command(wanted.name), told)


def _by_name(seen: Iterable[NetworkSeen]) -> dict[str, NetworkSeen]:
    """Of two networks with one name, the swarm's counts: `docker stack` takes that one."""
    found: dict[str, NetworkSeen] = {}
    for one in seen:
        if one.scope == "swarm" or one.name not in found:
            found[one.name] = one
    return found


def _local(wanted: Network) -> Problem:
    return Problem(
        f"the external network `{wanted.name}` exists on this node only: its scope is `local`",
        path=f"networks.{wanted.key}",
        hint=f"remove it (`docker network rm {wanted.name}`) and run `edgegen up` again, which makes an overlay, or "
        "name another network",
    )


def _taken(wanted: Network, present: NetworkSeen) -> Problem:
    whose = f"stack `{present.stack}`" if present.stack else "another project"
    return Problem(
        f"network `{wanted.name}` exists already, and belongs to {whose}",
        path=f"networks.{wanted.key}",
        hint=f"stop what uses it and `docker network rm {wanted.name}`, or give this project another `name:`",
    )


def _network(data: Mapping[str, Any]) -> NetworkSeen:
    labels = INSPECT.mapping(data.get("labels"), "labels")
    id_, name, scope = (INSPECT.text(data.get(key), key) for key in ("id", "name", "scope"))
    return NetworkSeen(id_, name, scope, INSPECT.text(labels.get(NAMESPACE_LABEL), "labels"))
