"""More than one Traefik with certificates in a file.

What it does
    Refuses `edge.replicas` above 1.

Why
    Traefik keeps certificates in acme.json without locking: several writers lose or corrupt them.

Example
    `edge: {replicas: 2}`

Instead
    One Traefik; scale the services behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER004"


def check(spec: Spec) -> Iterator[Violation]:
    """Several Traefiks on one acme.json."""
    if spec.edge.replicas > 1 and not spec.acme.is_local:
        message = f"{spec.edge.replicas} Traefiks would write one acme.json without locking, and lose certificates"
        yield Violation(("edge", "replicas"), message, "keep `replicas: 1`")
