"""The path from names to services, as lanes: names with the same addresses and answers share one. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from edgegen.cli.report.model import Row
from edgegen.cli.report.seen import Address, State
from edgegen.core.grade import Grade

_GRADES = {State.ANSWERS: Grade.GOOD, State.UNKNOWN: Grade.UNKNOWN}


def state_grade(state: State) -> Grade:
    """How good it is that an address answers so."""
    return _GRADES.get(state, Grade.BAD)


class Lane(Struct, frozen=True):
    """Names, the addresses that all of them have, and the services that they lead to."""

    stops: tuple[Address, ...]
    rows: tuple[Row, ...]


def lanes(rows: Iterable[Row]) -> tuple[Lane, ...]:
    """In the order of the rows: first come, first shown."""
    found: dict[tuple[Address, ...], list[Row]] = {}
    for row in rows:
        stops = tuple(Address(item.address, item.state) for item in row.addresses)
        found.setdefault(stops, []).append(row)
    return tuple(Lane(stops, tuple(members)) for stops, members in found.items())
