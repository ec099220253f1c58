"""What was last seen in each zone: a provider that suddenly lists nothing is not believed. A cache, never a truth."""

from __future__ import annotations

import json
from urllib.parse import quote

from edgegen.core.errors import LocalIOError
from edgegen.dns.jobs import Shelf

BEGUN = -1
"""Instead of a number: something was about to be written to an empty zone."""


class Memory:
    """How many records a zone was last seen to hold, in `dns/<zone>.json` of the state folder.

    Losing it costs one safeguard and nothing else, so trouble with the disk is a warning.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._seen: dict[str, int] = {}
        self.warnings: list[str] = []

    def seen(self, zone_id: str) -> int:
        """The number of records last seen; 0 where the zone is not known. Raises RefusedError for a link."""
        if zone_id not in self._seen:
            self._seen[zone_id] = self._read(zone_id)
        return self._seen[zone_id]

    def remember(self, zone_id: str, records: int) -> None:
        """Keep what was seen just now, if it is news. Raises RefusedError for a link."""
        if self.seen(zone_id) == records:
            return
        self._seen[zone_id] = records
        try:
            self._shelf.write(_path(zone_id), json.dumps({"records": records}).encode())
        except LocalIOError as error:
            self.warnings.append(f"what was seen could not be kept: {error.problems[0].message}")

    def _read(self, zone_id: str) -> int:
        try:
            return int(json.loads(self._shelf.read(_path(zone_id)) or b"{}")["records"])
        except (LocalIOError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return 0


def _path(zone_id: str) -> str:
    """The zone's file. The id comes from the provider: it must not lead out of the folder."""
    return f"dns/{quote(zone_id, safe='')}.json"
