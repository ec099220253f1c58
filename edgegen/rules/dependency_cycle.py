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

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec


def check(spec: Spec) -> Iterator[Violation]:
    """The first circle that is found from each service, reported once."""
    needs = {name: tuple(getattr(service, "depends_on", ())) for name, service in spec.services.items()}
    done: set[str] = set()
    for start in needs:
        circle = _circle(start, needs, done)
        if circle:
            yield Violation(
                ("services", circle[0], "depends_on"), f"services wait for each other: {' -> '.join(circle)}",
                "remove one of these dependencies",
            )  # fmt: skip
            return


def _circle(start: str, needs: dict[str, tuple[str, ...]], done: set[str]) -> list[str]:
    """A path that comes back to one of its own services; `done` collects what leads nowhere near a circle."""
    path: list[str] = []
    stack: list[tuple[str, int]] = [(start, 0)]
    while stack:
        name, depth = stack.pop()
        del path[depth:]
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            continue
        path.append(name)
        children = [child for child in needs.get(name, ()) if child not in done]
        if not children:
            done.add(name)
        stack += [(child, depth + 1) for child in children]
    return []
