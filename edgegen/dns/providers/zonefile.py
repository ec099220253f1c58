"""Provider zonefile: a BIND file in the project directory. No account, no network: any name server can serve it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from edgegen.dns.plan import Existing
from edgegen.dns.provider import Applied, Batch, ErrorKind, Given, Listing, Other, ProviderError, Zone
from edgegen.dns.zonefile import UnprovenError, ZoneText, is_as_written, parse, prove, record_id, render


def opened(given: Given) -> ZonefileProvider:
    """The provider for a project's files."""
    return ZonefileProvider(given.read, given.write)


class ZonefileProvider:
    """Reads and writes files through the functions it is given, which write whole files safely."""

    def __init__(self, read: Callable[[str], bytes | None], write: Callable[[str, bytes], None]) -> None:
        self._read = read
        self._write = write

    def find_zone(self, name: str, zone_id: str | None = None) -> Zone:  # noqa: ARG002  # a file needs no id
        """The zone, whose id is its file in the project directory; a missing file is an empty zone."""
        return Zone(f"dns/{name}.zone", name)

    def list_zone(self, zone: Zone) -> Listing:
        """Every record of the file. Raises SpecError for a file that is not a zone file."""
        text = self._read(zone.id)
        found = _parsed(text, zone)
        remarks = () if text is None or is_as_written(text, zone.name, found) else (_by_hand(zone),)
        return Listing(found.records, tuple(Other(line.id, line.type, line.name) for line in found.others), remarks)

    def apply_batch(self, zone: Zone, batch: Batch) -> Applied:
        """Write the file once, with all changes of the batch. Raises ProviderError if a record is gone."""
        text = self._read(zone.id)
        found = _parsed(text, zone)
        records = {item.id: item for item in found.records}
        for record_key in (*batch.deletes, *(patch.id for patch in batch.patches)):
            if record_key not in records:
                raise ProviderError(f"{zone.id} was changed in the meantime", ErrorKind.UNSURE)
        for record_key in batch.deletes:
            del records[record_key]
        patched = []
        for patch in batch.patches:
            was = records.pop(patch.id)
            changed = replace(was, id=record_id(patch.record), record=patch.record, comment=patch.comment)
            records[changed.id] = changed
            patched.append(changed)
        posted = [Existing(record_id(post.record), post.record, post.comment) for post in batch.posts]
        records.update({item.id: item for item in posted})
        self._replace(zone, text, found, list(records.values()))
        return Applied(tuple(batch.deletes), tuple(patched), tuple(posted))

    def _replace(self, zone: Zone, before: bytes | None, found: ZoneText, records: list[Existing]) -> None:
        text = render(zone.name, found, records)
        try:
            prove(text, zone.name, zone.id, records, found)
        except UnprovenError as error:
            raise ProviderError(f"{zone.id} was not changed: {error}", ErrorKind.REFUSED) from None
        if before is not None and not is_as_written(before, zone.name, found):
            self._keep(zone, before)
        self._write(zone.id, text)

    def _keep(self, zone: Zone, text: bytes) -> None:
        """A copy of what a person wrote. No other file is replaced by it."""
        path, number = _copy_of(zone), 1
        while (present := self._read(path)) != text:
            if present is None:
                self._write(path, text)
                return
            number += 1
            path = f"{_copy_of(zone)}{number}"

    def ssl_mode(self, zone: Zone) -> str | None:  # noqa: ARG002  # the protocol's signature
        """A file has no proxy."""
        return None


def _parsed(text: bytes | None, zone: Zone) -> ZoneText:
    return ZoneText((), (), None, 0) if text is None else parse(text, zone.name, zone.id)


def _copy_of(zone: Zone) -> str:
    return f"{zone.id}.bak"


def _by_hand(zone: Zone) -> str:
    what = "comments or a layout that edgegen does not keep"
    return f"{zone.id} has {what}: it is replaced as a whole, and copied to {_copy_of(zone)} before"
