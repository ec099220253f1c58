"""A unified diff in the colours that every such diff has. Pure."""

from __future__ import annotations

from edgegen.cli.screen import BOLD, CYAN, GREEN, Screen

_CODES = (("--- ", BOLD), ("+++ ", BOLD), ("@@", CYAN), ("+", GREEN), ("-", "31"))


def diff_text(text: str, screen: Screen) -> str:
    """The same text. Its lines are never wrapped: a patch that is copied must apply."""
    return "\n".join(screen.colour(line, _code(line)) for line in text.split("\n"))


def _code(line: str) -> str:
    return next((code for start, code in _CODES if line.startswith(start)), "")
