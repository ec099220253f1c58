"""A stack on a swarm: its edge is on the node with its label, and only a manager knows which one that is."""

from __future__ import annotations

import ipaddress
import pathlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from edgegen.compose.swarm_names import in_stack
from edgegen.core.errors import OutsideError, Problem, RefusedError
from edgegen.core.location import Path
from edgegen.deploy.swarm.edge_node import edge_node
from edgegen.deploy.swarm.nodes import NodeSeen
from edgegen.desired.edge import ACME_STORAGE, TRAEFIK
from edgegen.project.sights.base import Asked, Kept, Sight, kept
from edgegen.spec.domain import AUTO
from edgegen.spec.load import LoadedSpec
from edgegen.system.internet import special, spelled

if TYPE_CHECKING:
    from edgegen.explain.insight import Insight
    from edgegen.explain.wanted import Wanted

_WORDS = {version: word for word, version in AUTO.items()}
_WRITE = "write the public address that leads to `{}` instead of `{}`"


class SwarmSight(Sight):
    """What is seen of a stack on a swarm."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def own_addresses(self, loaded: LoadedSpec, wanted: Mapping[int, Path]) -> Mapping[int, str]:
        """The address under which the swarm knows the edge's node."""
        spec = loaded.spec
        word, place = next((_WORDS[version], loaded.locate(path)) for version, path in wanted.items())
        try:
            node = edge_node(self._asked.runner, spec.edge.use or spec.name)
        except (OutsideError, RefusedError) as error:
            raise type(error)(
                f"`{word}` is the address of the node that runs the edge, which is not known: {error}",
                where=place,
                hint=error.problems[0].hint or "write the address instead",
            ) from error
        problems = [
            Problem(trouble, loaded.locate(path), hint=_WRITE.format(node.hostname, _WORDS[version]))
            for version, path in wanted.items()
            if (trouble := _unusable(node, version))
        ]
        if problems:
            raise RefusedError(problems)
        return {version: spelled(node.address) for version in wanted}

    def store(self, loaded: LoadedSpec, _project: pathlib.Path) -> Kept:
        """acme.json of the edge's task, where this engine runs that task."""
        from edgegen.deploy.swarm.edge_store import read_edge_file

        name = in_stack(loaded.spec.name, TRAEFIK)
        return kept(
            lambda: read_edge_file(self._asked.runner, loaded.spec.name, TRAEFIK, ACME_STORAGE),
            f"{ACME_STORAGE} of {name}",
        )

    def look_inside(self, host: str, wanted: Wanted | None) -> Insight:
        """The service behind the host, its tasks and their nodes."""
        from edgegen.explain.swarm.insight import OfServices
        from edgegen.explain.swarm.view import look_into_swarm

        return OfServices(look_into_swarm(self._asked.runner, host, wanted))


def _unusable(node: NodeSeen, version: int) -> str:
    """Why the address of a node can't be published as this IP version, as a sentence; "" if it can."""
    word = f"`{_WORDS[version]}` is the address of the edge's node `{node.hostname}`"
    try:
        address = ipaddress.ip_address(node.address)
    except ValueError:
        return f"{word}, and the swarm does not know its address"
    if address.version != version:
        return f"{word}, and the swarm knows it as {address}, which is not an IPv{version} address"
    if what := special(str(address)):
        return f"{word}, which the swarm knows as {address}: not a public address ({what})"
    return ""
