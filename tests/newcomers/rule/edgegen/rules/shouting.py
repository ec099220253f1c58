"""Services with a loud name.

What it does
    Refuses a service named `loud`.

Why
    Nobody likes to be shouted at.

Example
    `services: {loud: {image: "a:1"}}`

Instead
    Another name.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER900"


def check(spec: Spec) -> Iterator[Violation]:
    """Loud names."""
    if "loud" in spec.services:
        yield Violation(("services", "loud"), "this service shouts", "give it another name")
