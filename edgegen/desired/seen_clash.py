"""Two records of the spec that can't exist together, as data. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from edgegen.core.location import Path
from edgegen.records import Record


class Clash(Struct, frozen=True):
    """What is wrong at a record, and the record that it clashes with. `refused`: nothing is rendered or synced."""

    record: Record | None
    message: str
    other: Record | None = None
    hint: str = ""
    refused: bool = True
    place: Path = ()

    @classmethod
    def at(cls, place: Path, message: str, hint: str = "", *, refused: bool = True) -> Clash:
        """What is wrong at a place that publishes no record."""
        return cls(None, message, hint=hint, refused=refused, place=place)

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.record.path if self.record is not None else self.place


def by_name(records: Sequence[Record]) -> dict[tuple[str, str], list[Record]]:
    """(zone, name) -> its records, in their order."""
    found: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        found[record.zone, record.name].append(record)
    return found
