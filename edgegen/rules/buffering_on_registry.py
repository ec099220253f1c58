"""The buffering middleware before a registry.

What it does
    Refuses `buffering`, in place, by name or inside a chain, on a registry.

Why
    It spools whole layers to memory or disk before the registry sees a byte, and caps their size.
    It lifts no limit elsewhere.

Example
    `middlewares: [{kind: buffering, max_request_body_bytes: 0}]` on a registry

Instead
    Nothing: edgegen lifts the read timeout of the entrypoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.uses import kinds_used
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec


def check(spec: Spec) -> Iterator[Violation]:
    """Registries that a buffering middleware stands before."""
    for name, registry in spec.registries.items():
        for index, use in enumerate(registry.middlewares):
            if "buffering" in kinds_used(spec, use):
                yield Violation(
                    ("services", name, "middlewares", index),
                    "`buffering` before a registry spools whole layers and caps their size",
                    "remove it; uploads of any length pass without it",
                )
