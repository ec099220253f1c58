"""Services that wait for each other.

What it does
    Refuses a circle of `depends_on`.

Why
    Compose would refuse to start any of them.

Example
    `a: {depends_on: [b]}` and `b: {depends_on: [a]}`

Instead
    Remove one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.circles import arrows, first_circle
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER017"


def check(spec: Spec) -> Iterator[Violation]:
    """The first circle, reported once."""
    circle = first_circle({name: tuple(item.depends_on) for name, item in spec.containers.items()})
    if circle:
        yield Violation(
            ("services", circle[0], "depends_on"), f"services wait for each other: {arrows(circle)}",
            "remove one of these dependencies",
        )  # fmt: skip
