"""What other Traefiks know: whether a word is too new for this one, or was removed before it."""

from __future__ import annotations

from edgegen.traefik.grammar.reading import View, grammar
from edgegen.traefik.version import NEWEST, Version

LINES: tuple[Version, ...] = (Version(2, 11), *(Version(3, minor) for minor in range(8)))
"""The newest of each line that has a grammar."""


def too_new_or_removed(table: str, path: str, version: Version | None, view: View = "label") -> str:
    """`it came with Traefik 3.4`, `Traefik 2.11 was the last to know it`; empty where this one
    knows it, or no Traefik ever did.

    `path`: words between dots, as `http.routers.web.observability.tracing`.
    """
    if grammar(table, version, view).at(path):
        return ""
    knowing = [line for line in LINES if grammar(table, line, view).at(path)]
    if not knowing:
        return ""
    ours = version or Version(NEWEST)
    if knowing[0] > ours:
        return f"it came with Traefik {knowing[0]}" + f", after {ours}" * (ours.line == knowing[0].line)
    return f"Traefik {max(line for line in knowing if line <= ours)} was the last to know it"
