"""What Compose warns of, in its log lines: `time="…" level=warning msg="…"`. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_LINE = re.compile(r'^time="[^"]*" level=warning msg=(?:("(?:[^"\\]|\\.)*")|(\S+))', re.MULTILINE)
_MARK = "level=warning"


def warnings(said: str) -> tuple[str, ...]:
    """The messages, each once."""
    return tuple(dict.fromkeys(_messages(said)))


def without_warnings(said: str) -> str:
    """The other lines."""
    return "\n".join(line for line in said.splitlines() if _MARK not in line)


def _messages(said: str) -> Iterator[str]:
    for quoted, word in _LINE.findall(said):
        try:
            yield str(json.loads(quoted)) if quoted else word
        except ValueError:  # an escape of Go's that JSON doesn't have
            yield quoted[1:-1]
