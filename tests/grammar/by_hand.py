"""The tables in the folder `by_hand`, for versions of which there is no binary."""

from __future__ import annotations

from pathlib import Path

from tests.grammar.rows import Rows
from tests.grammar.versions import Numbers, holds, numbers

FOLDER = Path(__file__).parent / "by_hand"


def by_hand(root: str) -> dict[Numbers, Rows]:
    """Version -> its rows."""
    head, *lines = (FOLDER / f"{root}.txt").read_text(encoding="utf-8").splitlines()
    return {version: _rows(lines, version) for version in map(numbers, head.split()[1:])}


def _rows(lines: list[str], version: Numbers) -> Rows:
    found: Rows = {}
    path: list[str] = []
    hidden = 99
    for line in lines:
        depth = len(line) - len(line.lstrip())
        word, *form = line.split()
        if depth > hidden:
            continue
        hidden = 99
        path[depth:] = [word]
        if holds([mark for mark in form if mark[0] in "<>"], version):
            found[tuple(path)] = " ".join(mark for mark in form if mark[0] not in "<>")
        else:
            hidden = depth
    return found
