"""Text of others inside a picture's source: nothing in it can end a label, open a tag or begin a statement. Pure."""

from __future__ import annotations

import re
from html import escape

from edgegen.core.show import shown

MOST_TEXT = 1000
_SAFE = re.compile(r"[^\W_]|[ .,:/_*()+-]")
"""What Mermaid never reads as syntax inside of quotes, whatever is around it."""


def mermaid(text: str) -> str:
    """A label for double quotes in Mermaid: everything that could be syntax as a character reference."""
    line = shown(text, MOST_TEXT)
    return "".join(char if _SAFE.fullmatch(char) else f"#{ord(char)};" for char in line)


def dot(text: str) -> str:
    """A label for double quotes in DOT, which reads backslashes and HTML's character references."""
    line = shown(text, MOST_TEXT)
    return line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


def xml(text: str) -> str:
    """Text or an attribute's value for XML."""
    return escape("".join(map(_allowed, text)))


def _allowed(char: str) -> str:
    """XML 1.0 has no control characters, no halves of surrogate pairs, and two characters more that it forbids."""
    return char if char == "\n" or char.isprintable() else "\ufffd"
