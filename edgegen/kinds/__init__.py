"""Kinds of service: what each is made of. Pure. A new kind is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from edgegen.kinds import container, external, redirect, registry, registry_cache, tcp
from edgegen.kinds.parts import Context, Parts

KINDS: dict[str, Callable[[Context, str, Any], Parts]] = {
    "registry": registry.build,
    "registry-cache": registry_cache.build,
    "container": container.build,
    "redirect": redirect.build,
    "external": external.build,
    "tcp": tcp.build,
}

__all__ = ["KINDS", "Context", "Parts"]
