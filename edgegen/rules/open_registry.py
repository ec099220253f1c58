"""A registry without a login.

What it does
    Refuses a registry with neither `users` nor an explicit `anonymous: pull`. One without a `host` may have no users:
    only this machine reaches it.

Why
    Once it works, anyone can push to it.

Example
    `services: {registry: {kind: registry, host: commenthouse.com}}`

Instead
    `users: [ci]`, and `anonymous: pull` if anyone may pull.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER005"


def check(spec: Spec) -> Iterator[Violation]:
    """Registries without users."""
    for name, registry in spec.registries.items():
        if registry.own_hosts and not registry.users and not registry.edge_asks:
            message = f"the registry `{name}` has no users: anyone could push to it"
            hint = "name them, like `users: [ci]`; with `anonymous: pull` as well, anyone may pull"
            yield Violation(("services", name), message, hint)
