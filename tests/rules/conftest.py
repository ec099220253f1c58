"""What a rule says about a spec, in the user's own places."""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

from edgegen.core.location import path_text
from edgegen.spec.load import load_text


class Said(NamedTuple):
    """One violation: its path, its line in the file, its sentence."""

    path: str
    line: int
    message: str
    refused: bool


def said(rule: ModuleType, text: str) -> list[Said]:
    """All that one rule has to say."""
    loaded = load_text(f"name: a\n{text}".encode())
    return [
        Said(path_text(item.path), loaded.locate(item.path).line, item.message, item.refused)
        for item in rule.check(loaded.spec)
    ]
