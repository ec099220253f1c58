"""Endpoints against checks: one cell for each, with the worst that the check found there. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from edgegen.cli.report.model import Row
from edgegen.core.grade import Grade, grade, worst


class Check(Struct, frozen=True):
    """A column."""

    id: str
    name: str


class Line(Struct, frozen=True):
    """A row: the grade of each check, None where it does not apply."""

    row: Row
    cells: tuple[Grade | None, ...]


class Grid(Struct, frozen=True):
    """All that was checked."""

    checks: tuple[Check, ...]
    lines: tuple[Line, ...]


def grid(rows: Iterable[Row]) -> Grid:
    """In the order of the rows, and of the checks' ids; a check that no row has is left out."""
    known = list(rows)
    names = {item.id: item.name for row in reversed(known) for item in reversed(row.findings)}
    checks = tuple(Check(id, names[id]) for id in sorted(names))
    return Grid(checks, tuple(_line(row, checks) for row in known))


def _line(row: Row, checks: Iterable[Check]) -> Line:
    found: dict[str, list[Grade]] = {}
    for item in row.findings:
        found.setdefault(item.id, []).append(grade(item))
    return Line(row, tuple(worst(found[check.id]) if check.id in found else None for check in checks))
