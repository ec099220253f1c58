"""What edgegen sees of a stack that runs, by its target: where its edge is, what Traefik stores, what serves a host.

A new target's is one file and one line here.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping

from edgegen.project.sights.base import Asked, Kept, Sight

SIGHTS: Mapping[str, str] = {
    "compose": "edgegen.project.sights.compose:ComposeSight",
    "swarm": "edgegen.project.sights.swarm:SwarmSight",
}
"""Name of the target -> `module:class`: a command loads only the one that it needs."""

__all__ = ["SIGHTS", "Asked", "Kept", "Sight", "sight_of"]


def sight_of(target: str, asked: Asked) -> Sight:
    """What is seen of a stack of this target. One that nothing is registered for is seen as Compose's are."""
    made: Callable[[Asked], Sight] = pkgutil.resolve_name(SIGHTS.get(target, SIGHTS["compose"]))
    return made(asked)
