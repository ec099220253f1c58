"""Backends: what runs the stack of a target. A new one is one file and one line here."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping

from edgegen.deploy.backends.base import Backend, Place

BACKENDS: Mapping[str, str] = {
    "compose": "edgegen.deploy.backends.compose:ComposeBackend",
    "swarm": "edgegen.deploy.backends.swarm:SwarmBackend",
}
"""Name of the target -> `module:class`: a command loads only the one that it needs."""

__all__ = ["BACKENDS", "Backend", "Place", "backend_of"]


def backend_of(target: str, place: Place) -> Backend:
    """What runs the stack of this target at a place. Raises KeyError where this version has nothing that does."""
    backend: Backend = pkgutil.resolve_name(BACKENDS[target])(place)
    return backend
