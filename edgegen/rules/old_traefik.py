"""A Traefik that can't talk to the Docker Engine, or that edgegen has no words for.

What it does
    Refuses a Traefik image older than 3.6.1.

Why
    Older ones ask for Docker API 1.24, which Engine 29 refuses: every route is then a 404.

Example
    `edge: {image: "traefik:v3.1"}`

Instead
    `traefik:v3.7`, the default.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

OLDEST = (3, 6, 1)


def check(spec: Spec) -> Iterator[Violation]:
    """A tag that names a version before 3.6.1. Tags without a number are not judged."""
    tag = spec.edge.image.partition("@")[0].rpartition("/")[2].partition(":")[2]
    match = re.match(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:$|-)", tag)
    if not match:
        return
    # `v3.6` is the newest of its minor: what is not said counts as new enough.
    version = tuple(int(part) if part is not None else 999 for part in match.groups())
    if version < OLDEST:
        yield Violation(
            ("edge", "image"),
            f"Traefik {tag} can't talk to Docker Engine 29",
            "use 3.6.1 or later, like `traefik:v3.7`",
        )
