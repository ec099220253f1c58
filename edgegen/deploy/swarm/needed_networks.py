"""The networks that a stack needs, compared with those that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from edgegen.compose.swarm_names import NAMESPACE_LABEL
from edgegen.core.errors import Problem
from edgegen.deploy.answers import Reader
from edgegen.deploy.preflight import Preparation
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.asking import inspected, listed
from edgegen.deploy.swarm.commands import overlay_command
from edgegen.deploy.swarm.stack_file import ENCRYPTED, Network, StackFile, is_encrypted, subnets

INSPECT = Reader("docker network inspect")
_FORMAT = (
    '{"id":{{json .ID}},"name":{{json .Name}},"scope":{{json .Scope}},"labels":{{json .Labels}},'
    '"internal":{{json .Internal}},"options":{{json .Options}},"subnets":{{json .IPAM.Config}}}'
)
_BUILT_IN = ("host", "bridge", "none")


class NetworkSeen(Struct, frozen=True):
    """One network, as this engine knows it."""

    id: str
    name: str
    scope: str
    stack: str = ""
    """The stack that made it, or ""."""
    internal: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    subnets: frozenset[str] = frozenset()


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
        elif not wanted.external and (differences := list(_differences(wanted, present))):
            yield _kept(wanted, differences)


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


def _differences(wanted: Network, present: NetworkSeen) -> Iterator[str]:
    """What the file says of a network and the present one is not, as the words of the file."""
    for key, new, old in (
        ("internal", wanted.internal, present.internal),
        (ENCRYPTED, wanted.encrypted, is_encrypted(present.options)),
    ):
        if new != old:
            yield f"`{key}: {str(new).lower()}`"
    if any(present.options.get(name) != value for name, value in wanted.options.items()):
        yield "`driver_opts`"
    if wanted.subnets and wanted.subnets != present.subnets:
        yield "`ipam`"


def _kept(wanted: Network, differences: list[str]) -> Problem:
    return Problem(
        f"network `{wanted.name}` was made without {' and '.join(differences)}, and `docker stack deploy` would leave "
        "it as it is",
        path=f"networks.{wanted.key}",
        hint="run `edgegen down`, then `edgegen up`, which makes it again (volumes stay), or give the network another "
        "name under `networks:`",
    )


def _network(data: Mapping[str, Any]) -> NetworkSeen:
    labels = INSPECT.mapping(data.get("labels"), "labels")
    id_, name, scope = (INSPECT.text(data.get(key), key) for key in ("id", "name", "scope"))
    return NetworkSeen(
        id_,
        name,
        scope,
        INSPECT.text(labels.get(NAMESPACE_LABEL), "labels"),
        data.get("internal") is True,
        INSPECT.pairs(data.get("options"), "options"),
        frozenset(subnets(INSPECT, data.get("subnets"))),
    )
