"""The ledger of each zone, as a file in the folder's state: `dns/<zone>.ledger.json`.

A folder whose state has no ledger yet, but a lock and a count from the previous version, has synced with that version:
it takes over the records that have its mark when it first lists the zone again.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from edgegen.core.errors import EdgegenError, RefusedError
from edgegen.dns.jobs import Shelf
from edgegen.dns.ledger import Ledger
from edgegen.dns.marker import marker
from edgegen.dns.provider import Listing

VERSION = 1


class Ledgers:
    """Reads and writes the ledgers of one owner.

    Losing a ledger never loses a record: unknown records are conflicts. So a write error is only a warning.
    """

    def __init__(self, shelf: Shelf, owner: str | None) -> None:
        self._shelf = shelf
        self._owner = owner
        self._at: dict[str, Ledger] = {}
        self._others: dict[str, dict[str, Any]] = {}
        self._heirs: set[str] = set()
        self.warnings: list[str] = []

    def open(self, zone_id: str, *, has_synced: bool) -> None:
        """Before a zone is listed for the first time. `has_synced`: the previous version has synced it from here."""
        if zone_id in self._at:
            return
        text = self._shelf.read(path_of(zone_id))
        self._others[zone_id], self._at[zone_id] = self._parsed(text)
        if text is not None:
            return
        if has_synced:
            self._heirs.add(zone_id)
        else:
            # From here on the state belongs to this version, however this run ends: nothing more is inherited.
            self._save(zone_id)

    def take_over(self, zone_id: str, listing: Listing) -> None:
        """Take over the records of a folder that synced with the previous version, which had no ledger."""
        if zone_id not in self._heirs or self._owner is None:
            return
        self._heirs.discard(zone_id)
        ours = [item for item in listing.records if item.comment == marker(self._owner, item.record)]
        self.keep(zone_id, Ledger().with_written(ours), always=True)

    def of(self, zone_id: str) -> Ledger:
        """What is known about a zone."""
        return self._at.get(zone_id, Ledger())

    def keep(self, zone_id: str, ledger: Ledger, *, always: bool = False) -> None:
        """Save what is known now, if it has changed. Without an owner by name there is nothing to save."""
        if self._owner is None or (ledger == self.of(zone_id) and not always):
            return
        self._at[zone_id] = ledger
        self._save(zone_id)

    def _save(self, zone_id: str) -> None:
        owners = dict(self._others.get(zone_id, {}))
        if self._owner is not None:
            known = self._at[zone_id]
            owners[self._owner] = {"wrote": sorted(known.wrote), "met": sorted(known.met)}
        body = {"schema_version": VERSION, "owners": owners}
        try:
            self._shelf.write(path_of(zone_id), (json.dumps(body, sort_keys=True) + "\n").encode())
        except EdgegenError as error:
            self.warnings.append(
                f"the list of records that this folder knows could not be saved: {error.problems[0].message}"
            )

    def _parsed(self, text: bytes | None) -> tuple[dict[str, Any], Ledger]:
        """The entries of all owners, and ours. An unreadable ledger knows nothing."""
        try:
            body = json.loads(text or b"{}")
            owners = {str(name): dict(entry) for name, entry in body.get("owners", {}).items()}
            own = owners.get(self._owner or "", {})
            return owners, Ledger(_words(own.get("wrote", [])), _words(own.get("met", [])))
        except (ValueError, TypeError, AttributeError, RecursionError):
            self.warnings.append("the list of records that this folder knows could not be read: its ledger is damaged")
            return {}, Ledger()


def path_of(zone_id: str) -> str:
    """The file of a zone. The id comes from the provider and must not lead out of the folder."""
    name = f"{quote(zone_id, safe='')}.ledger.json"
    if len(name) > 255:
        raise RefusedError(f"the provider's id of a zone is too long for a file name: `{zone_id[:60]}…`")
    return f"dns/{name}"


def _words(values: Any) -> frozenset[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(values)
    return frozenset(values)
