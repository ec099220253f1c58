"""In which versions a row of the grammar holds, as marks in the order of versions: `>=3.6.9 <3.7.0 >=3.7.2`.

The last mark that a version has reached decides. Fixes come to each line (3.6, 3.7) by itself, hence the gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Numbers = tuple[int, int, int]


def marks(having: Iterable[Numbers], known: Sequence[Numbers]) -> list[str]:
    """The marks of a row that just these of the known versions have."""
    wanted, found = {*having}, []
    has = min(known) in wanted
    for version in sorted(known):
        if (version in wanted) != has:
            has = not has
            found.append((">=" if has else "<") + ".".join(map(str, _start(version, known))))
    return found


def _start(version: Numbers, known: Sequence[Numbers]) -> Numbers:
    """The oldest known of a line stands for all before it."""
    return (*version[:2], 0) if version == min(item for item in known if item[:2] == version[:2]) else version


def holds(found: Sequence[str], version: Numbers) -> bool:
    """Whether a row with these marks is one of this version. Not shared with what reads the data for edgegen."""
    if not found:
        return True
    reached = [mark for mark in found if numbers(mark.lstrip("<>=")) <= version]
    return (found[0][0] == "<") if not reached else reached[-1][0] == ">"


def numbers(version: str) -> Numbers:
    """`3.6.9` -> (3, 6, 9)."""
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch
