"""The tables in this folder, read for one version: `dynamic.txt` and `static.txt`, which `make grammar` writes.

A row is a word, indented below the word that it belongs to, its kind, and marks:

- `?`: a struct that needs no word below it, and turns something on; `?label`, `?file`: only there.
- `-label`, `-file`: known there, and never read.
- `.`: a name in a mapping, which may have dots in it.
- `=server`: what labels call it instead; they have one item of the list.
- `>=3.6.9 <3.7.0 >=3.7.2`: versions that know it. The last one that a version has reached decides.

`*` is a name that people choose.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, cast

from msgspec import Struct

from edgegen.traefik.grammar.type import Kind, Type
from edgegen.traefik.version import NEWEST, Version

View = Literal["label", "file"]
"""Flags and variables are read as labels are."""
_KINDS: dict[str, tuple[Kind, int]] = {"int32": ("number", 32)}
Row = tuple[int, str, str, list[str]]
"""Depth, word, kind, marks."""


@lru_cache(maxsize=16)
def grammar(name: str, version: Version | None, view: View) -> Type:
    """The whole tree of one table."""
    return _Reading(_rows(name), _since(version), view).tree()


@lru_cache(maxsize=2)
def _rows(name: str) -> list[Row]:
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        word, kind, *marks = line.split()
        found.append((len(line) - len(line.lstrip()), word, kind, marks))
    return found


def _since(version: Version | None) -> Callable[[list[str]], bool]:
    """Whether a row's marks take this version. Each is looked at once: there are few different ones."""
    ours = version or Version(NEWEST)

    @cache
    def reached(mark: str) -> bool:
        return Version(*map(int, mark.lstrip("<>=").split("."))) <= ours

    def holds(marks: list[str]) -> bool:
        given = [mark for mark in marks if mark[0] in "<>"]
        last = next((mark for mark in reversed(given) if reached(mark)), None)
        return (last or given[0])[0] == (">" if last else "<") if given else True

    return holds


class _Reading(Struct):
    """One pass over the rows."""

    rows: list[Row]
    holds: Callable[[list[str]], bool]
    view: View
    at: int = 0

    def tree(self) -> Type:
        return Type("struct", self._below(-1))

    def _below(self, depth: int) -> dict[str, Type]:
        """The words below one, up to the first row that is not."""
        found: dict[str, Type] = {}
        while self.at < len(self.rows) and self.rows[self.at][0] > depth:
            row = self.rows[self.at]
            self.at += 1
            if self.holds(row[3]):
                word = self._type(row)
                found[word.spelled.lower()] = word
            else:
                self._skip(row[0])
        return found

    def _skip(self, depth: int) -> None:
        while self.at < len(self.rows) and self.rows[self.at][0] > depth:
            self.at += 1

    def _type(self, row: Row) -> Type:
        depth, word, written, marks = row
        below = self._below(depth)
        kind, bits = _KINDS.get(written) or (cast("Kind", written), 64)
        single = next((mark[1:] for mark in marks if mark[0] == "="), "") if self.view == "label" else ""
        return Type(
            "server" if single else kind,
            {} if kind == "mapping" else below,
            below.get("*"),
            may_be_empty=kind in ("struct", "mapping") and ("?" in marks or f"?{self.view}" in marks),
            ignored=f"-{self.view}" in marks,
            spelled=single or word,
            dotted="." in marks,
            bits=bits,
        )
