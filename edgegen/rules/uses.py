"""Which kinds of middleware a use means, with chains expanded."""

from __future__ import annotations

from edgegen.spec.edge import Spec
from edgegen.traefik.middlewares import Middleware


def kinds_used(spec: Spec, use: object) -> set[str]:
    """The kinds behind a name or a middleware in place; chains are followed, also in circles."""
    kinds: set[str] = set()
    pending, seen = [use], set()
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if item in seen or item not in spec.middlewares:
                continue
            seen.add(item)
            item = spec.middlewares[item]
        if isinstance(item, Middleware):
            kinds.add(item.kind)
            pending += item.chained
    return kinds
