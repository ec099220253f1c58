"""Whether a zone file that was rendered says what was meant: it is read back before it replaces the old one."""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.core.errors import SpecError
from edgegen.dns.plan import Existing
from edgegen.dns.zonefile import ZoneText, parse


class UnprovenError(ValueError):
    """A text that does not hold exactly the records that it was made of."""


def prove(text: bytes, zone: str, file: str, records: Sequence[Existing], before: ZoneText) -> None:
    """Raise UnprovenError unless the text holds these records, the other lines of `before`, and nothing else."""
    try:
        found = parse(text, zone, file)
    except SpecError as error:
        raise UnprovenError(f"it would not be a zone file any more: {error.problems[0].message}") from None
    meant, read = {item.id: item for item in records}, {item.id: item for item in found.records}
    for key, item in meant.items():
        record = item.record
        if key not in read:
            raise UnprovenError(f"{record.type} {record.name} would be read as something else")
        if read[key].record.ttl != record.ttl:
            raise UnprovenError(
                f"{record.type} {record.name} would have another ttl: its records in the file have one ttl together"
            )
        if read[key].comment != item.comment:
            raise UnprovenError(f"the comment of {record.type} {record.name} would be read as something else")
    placeholder = 1 if before.soa is None else 0
    if len(read) > len(meant) + placeholder or {item.id for item in found.others} != {
        item.id for item in before.others
    }:
        raise UnprovenError("it would hold records that nobody asked for")
