"""Traefik's dashboard without authentication.

What it does
    Refuses `edge.dashboard` without users.

Why
    The dashboard shows every host, service and middleware to anyone who finds it.

Example
    `edge: {dashboard: {host: traefik.commenthouse.com}}`

Instead
    `users: [admin]` next to the host.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER010"


def check(spec: Spec) -> Iterator[Violation]:
    """A dashboard that anyone could open."""
    if spec.edge.dashboard and not spec.edge.dashboard.users:
        message = "the dashboard has no users: anyone could read the whole configuration"
        yield Violation(("edge", "dashboard"), message, "name them, like `users: [admin]`")
