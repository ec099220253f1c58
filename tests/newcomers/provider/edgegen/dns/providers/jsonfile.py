"""Provider jsonfile: a zone as JSON in the project directory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from edgegen.core.errors import SpecError
from edgegen.dns.plan import Existing
from edgegen.dns.provider import Applied, Batch, Given, Listing, Zone
from edgegen.records import Record, RecordType


def opened(given: Given) -> JsonFile:
    """The provider. Raises SpecError for an indent that is no number."""
    indent = given.options.get("indent", "1")
    if not indent.isdecimal():
        raise SpecError(f"`{indent}` is not a number of spaces")
    return JsonFile(given, int(indent))


@dataclass(frozen=True, slots=True)
class JsonFile:
    """Reads and writes `dns/ZONE.json`."""

    given: Given
    indent: int

    def find_zone(self, name: str, zone_id: str | None = None) -> Zone:
        """The zone; a file that is not there yet is an empty one."""
        return Zone(f"dns/{name}.json", name)

    def list_zone(self, zone: Zone) -> Listing:
        """Every record of the file."""
        rows: dict[str, Any] = json.loads(self.given.read(zone.id) or "{}")
        return Listing(tuple(_existing(zone, key, row) for key, row in rows.items()))

    def apply_batch(self, zone: Zone, batch: Batch) -> Applied:
        """Write the file once."""
        rows = {item.id: _row(item.record, item.comment) for item in self.list_zone(zone).records}
        for key in batch.deletes:
            del rows[key]
        patched = {item.id: _row(item.record, item.comment) for item in batch.patches}
        posted = {f"{len(rows)}-{n}": _row(item.record, item.comment) for n, item in enumerate(batch.posts)}
        self.given.write(zone.id, json.dumps(rows | patched | posted, indent=self.indent).encode())
        proof = [tuple(_existing(zone, key, row) for key, row in some.items()) for some in (patched, posted)]
        return Applied(batch.deletes, *proof)

    def ssl_mode(self, zone: Zone) -> str | None:
        """A file has no proxy."""
        return None


def _row(record: Record, comment: str | None) -> list[Any]:
    return [record.name, record.type.value, record.content, record.ttl, record.priority, comment]


def _existing(zone: Zone, key: str, row: list[Any]) -> Existing:
    name, kind, content, ttl, priority, comment = row
    return Existing(key, Record(zone.name, name, RecordType(kind), content, ttl, priority=priority), comment)
