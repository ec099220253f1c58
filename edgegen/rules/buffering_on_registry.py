"""The buffering middleware before a registry.

What it does
    Refuses `buffering`, in place, by name or inside a chain, on a registry.

Why
    It buffers whole layers in memory or on disk before the registry gets a byte, and limits their size.
    It doesn't lift any limit elsewhere.

Example
    `middlewares: [{kind: buffering, max_request_body_bytes: 0}]` on a registry

Instead
    Nothing: edgegen lifts the read timeout of the entrypoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.traefik.middlewares import passed

ID = "ER008"


def check(spec: Spec) -> Iterator[Violation]:
    """Registries behind a buffering middleware."""
    for name, registry in spec.registries.items():
        for index, use in enumerate(registry.middlewares):
            if any(item.kind == "buffering" for _, item in passed([use], spec.middlewares)):
                message = "`buffering` before a registry stores whole layers first and limits their size"
                hint = "remove it; without it uploads may have any size"
                yield Violation(("services", name, "middlewares", index), message, hint)
