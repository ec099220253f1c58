"""Tables read back into rows: those in the folder `by_hand`, of versions without a binary, and edgegen's own.

Nothing here is shared with how edgegen reads them.
"""

from __future__ import annotations

from pathlib import Path

from edgegen.traefik import grammar
from tests.grammar.rows import Rows
from tests.grammar.versions import Numbers, holds, numbers

FOLDER = Path(__file__).parent / "by_hand"


def by_hand(root: str) -> dict[Numbers, Rows]:
    """Version -> its rows."""
    head, *lines = (FOLDER / f"{root}.txt").read_text(encoding="utf-8").splitlines()
    return {version: _rows(lines, version) for version in map(numbers, head.split()[1:])}


def written(root: str, version: Numbers) -> Rows:
    """What edgegen's table says of a version."""
    return _rows(table(root).splitlines(), version)


def table(root: str) -> str:
    """Edgegen's table as it is."""
    return Path(grammar.__file__).with_name(f"{root}.txt").read_text(encoding="utf-8")


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
