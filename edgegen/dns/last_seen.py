"""How many records each zone last had: a sudden empty listing is not accepted. Only a cache."""

from __future__ import annotations

import json
from urllib.parse import quote

from edgegen.core.errors import LocalIOError
from edgegen.dns.jobs import Shelf

BEGUN = -1
"""In place of a number: a write to an empty zone has started."""


class Memory:
    """How many records a zone was last seen to hold, in `dns/<zone>.json` of the state folder.

    Losing it only costs one safeguard, so a disk error is a warning.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._seen: dict[str, int] = {}
        self.warnings: list[str] = []

    def seen(self, zone_id: str) -> int:
        """The number of records last seen; 0 if the zone is not known. Raises RefusedError for a link."""
        if zone_id not in self._seen:
            self._seen[zone_id] = self._read(zone_id)
        return self._seen[zone_id]

    def remember(self, zone_id: str, records: int) -> None:
        """Save what was seen just now, if it has changed. Raises RefusedError for a link."""
        if self.seen(zone_id) == records:
            return
        self._seen[zone_id] = records
        try:
            self._shelf.write(_path(zone_id), json.dumps({"records": records}).encode())
        except LocalIOError as error:
            self.warnings.append(f"the number of records could not be saved: {error.problems[0].message}")

    def _read(self, zone_id: str) -> int:
        try:
            return int(json.loads(self._shelf.read(_path(zone_id)) or b"{}")["records"])
        except (LocalIOError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return 0


def _path(zone_id: str) -> str:
    """The zone's file. The id comes from the provider and must not lead out of the folder."""
    return f"dns/{quote(zone_id, safe='')}.json"
