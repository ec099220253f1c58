"""Targets: where a stack runs. Pure. `edgegen.target_names` lists them."""

from __future__ import annotations

import pkgutil
from functools import cache

from edgegen.core.errors import BugError
from edgegen.target_names import TARGETS
from edgegen.targets.base import Target
from edgegen.targets.contents import Contents

__all__ = ["Contents", "Target", "find_target", "target_of"]


def find_target(name: str) -> Target | None:
    """The target of this name; None where this version does not render it."""
    return _loaded(place) if (place := TARGETS[name]) else None


def target_of(name: str) -> Target:
    """The target of this name, which is rendered: the others are refused before."""
    target = find_target(name)
    if target is None:
        raise BugError(f"target `{name}` is not rendered, and nothing has refused it")
    return target


@cache
def _loaded(place: str) -> Target:
    target: Target = pkgutil.resolve_name(place)()
    return target
