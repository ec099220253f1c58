"""What was last seen in each zone: a provider that suddenly lists nothing is not believed. A cache, never a truth."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import quote

_LIMIT = 4096
BEGUN = -1
"""Instead of a number: something was about to be written to an empty zone."""


class Memory:
    """How many records a zone was last seen to hold, in `<state>/dns/<zone>.json`.

    Losing it costs one safeguard and nothing else, so trouble with the disk is a warning.
    """

    def __init__(self, state: Path | None) -> None:
        self._folder = state / "dns" if state is not None else None
        self._seen: dict[str, int] = {}
        self.warnings: list[str] = []

    def seen(self, zone_id: str) -> int:
        """The number of records last seen; 0 where the zone is not known."""
        if zone_id not in self._seen:
            self._seen[zone_id] = self._read(zone_id)
        return self._seen[zone_id]

    def remember(self, zone_id: str, records: int) -> None:
        """Keep what was seen just now, if it is news."""
        if self.seen(zone_id) == records:
            return
        self._seen[zone_id] = records
        try:
            self._write(zone_id, records)
        except OSError as error:
            self.warnings.append(f"what was seen could not be kept: {error.strerror}")

    def _read(self, zone_id: str) -> int:
        if self._folder is None:
            return 0
        try:
            with (self._folder / _name(zone_id)).open("rb") as file:
                return int(json.loads(file.read(_LIMIT))["records"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def _write(self, zone_id: str, records: int) -> None:
        if self._folder is None:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        whole = self._folder / _name(zone_id)
        part = self._folder / f".{_name(zone_id)}.{os.getpid()}"
        try:
            opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            with os.fdopen(opened, "w") as file:
                json.dump({"records": records}, file)
            part.replace(whole)
        except OSError:
            part.unlink(missing_ok=True)
            raise


def _name(zone_id: str) -> str:
    """A file name. The id comes from the provider: it must not lead out of the folder."""
    return f"{quote(zone_id, safe='')}.json"
