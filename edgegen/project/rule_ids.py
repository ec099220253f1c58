"""The ids of rules and checks for the shell's completion, read from the sources: to import them takes a second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import edgegen

_ROOMS = ("lint/rules", "lint/own", "lint/upgrade", "rules", "verify/checks")
_RULE = re.compile(r'^(?:ID = |RULE = Rule\(|CHECK = Check\()\s*"(E[LRV]\d{3})"(?:,\s*"([a-z0-9-]+)")?', re.MULTILINE)
_TITLE = re.compile(r'"""(.*?)\.?(?:"""|\n)')


def rule_ids() -> list[tuple[str, str, str]]:
    """Id, name and title of each, in the order of the ids."""
    return sorted(_found())


def _found() -> Iterator[tuple[str, str, str]]:
    top = Path(edgegen.__file__).parent
    for path in (path for room in _ROOMS for path in (top / room).glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if rule := _RULE.search(text):
            title = _TITLE.match(text)
            yield rule[1], rule[2] or path.stem.replace("_", "-"), title[1] if title else ""
