"""Data as JSON that is YAML, too: Go's YAML refuses the pairs of escapes that JSON has for rarer characters."""

from __future__ import annotations

import json
import re
from typing import Any

_PAIR = re.compile(r"(\\\\)|\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")
"""An escaped backslash, which begins no escape, or a pair."""


def flow(data: Any) -> str:
    """One line of ASCII that a YAML parser reads as this data. What JSON has no type for becomes text."""
    return _PAIR.sub(_one, json.dumps(data, default=str))


def template_free(text: str) -> str:
    """Such a text without the `{{` at which Go's templates begin: in JSON it can only be in a string."""
    return text.replace("{{", "{\\u007b")


def _one(found: re.Match[str]) -> str:
    if found[1]:
        return found[0]
    code = 0x10000 + ((int(found[2], 16) - 0xD800) << 10) + int(found[3], 16) - 0xDC00
    return f"\\U{code:08x}"
