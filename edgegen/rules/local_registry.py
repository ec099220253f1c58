"""A registry without a host that others could reach.

What it does
    Refuses a registry without a `host` on target swarm, and one without users whose `extra:` opens another way in
    (`ports`, `network_mode`).

Why
    Such a registry has no TLS. On the loopback only this machine reaches it; a swarm ignores the address of a
    published port and opens it on every node.

Example
    `target: swarm` with `registry: {kind: registry}`

Instead
    A `host`, so that requests go through the edge, or target compose without further `ports`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.targets import find_target

ID = "ER006"

_WAYS_IN = ("ports", "network_mode")


def check(spec: Spec) -> Iterator[Violation]:
    """Registries without a host that would not stay local."""
    target = find_target(spec.target)
    for name, registry in spec.registries.items():
        if registry.own_hosts:
            continue
        if target is not None and not target.publishes_on_addresses:
            message = f"the registry `{name}` has no `host`, and a swarm would publish it on every node, without TLS"
            yield Violation(("services", name), message, "give it a `host`, or use `target: compose`")
        for key in () if registry.users else _WAYS_IN:
            if key in registry.extra:
                yield Violation(
                    ("services", name, "extra", key),
                    f"the registry `{name}` has neither a `host` nor users, and this lets others reach it",
                    "remove it, or give the registry `users`",
                )
