"""Attributes of a distinguished name in the text form of RFC 4514."""

from __future__ import annotations

import re
from collections.abc import Iterator

# RFC 4514 section 2.4: a special character stands behind a backslash, or as backslash and two hex digits.
_ESCAPED = re.compile(r"(?:\\[0-9A-Fa-f]{2})+|\\(.)", re.DOTALL)
_PART = re.compile(r"(?:[^,+\\]|\\.)+", re.DOTALL)


def attributes(name: str) -> Iterator[tuple[str, str]]:
    """(type, value) of each part: `CN=a,O=b\\, c` -> (`CN`, `a`), (`O`, `b, c`). Never raises."""
    for part in _PART.findall(name):
        kind, equals, value = part.partition("=")
        if equals:
            yield kind.strip().upper(), _ESCAPED.sub(_unescaped, value)


def organisation(name: str) -> str:
    """Its `O`, or ""."""
    return next((value for kind, value in attributes(name) if kind == "O"), "")


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1]
    return bytes.fromhex(match[0].replace("\\", "")).decode("utf-8", "replace")
