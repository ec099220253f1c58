"""A table made anew: of the binaries that are here, and of what is known of all other versions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tests.grammar.by_hand import by_hand, table, written
from tests.grammar.rows import Rows
from tests.grammar.versions import Numbers, numbers

_MARK = re.compile(r"[<>]=?(\d+\.\d+\.\d+)")


def whole(root: str, asked: Mapping[Numbers, Rows]) -> dict[Numbers, Rows]:
    """Version -> its rows. What a binary said once stays in the table, also where that binary is not at hand."""
    return {version: written(root, version) for version in _named(root)} | by_hand(root) | {**asked}


def _named(root: str) -> Iterator[Numbers]:
    """The versions that the marks of the table name, and those just before: between two of them nothing changes."""
    for major, minor, patch in map(numbers, dict.fromkeys(_MARK.findall(table(root)))):
        yield major, minor, patch
        if patch:
            yield major, minor, patch - 1
