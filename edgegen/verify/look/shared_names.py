"""What the look-ups of one round share, so that a zone's name servers are found once and dead ones waited for once."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass

from edgegen.core.errors import OutsideError
from edgegen.lookup import Server, authorities
from edgegen.net.deadline import Deadline
from edgegen.verify.settings import Settings


@dataclass(frozen=True, slots=True)
class ZoneServers:
    """The authoritative servers of a zone, or why they could not be found."""

    servers: tuple[Server, ...] = ()
    trouble: str = ""


class SharedNames:
    """What the look-ups of one round share: each zone's name servers are found once, however many threads ask.

    It remembers failures too, so a new round (`--wait`) takes a new one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._zones: dict[str, Future[ZoneServers]] = {}
        self.silent: set[Server] = set()
        """Servers that gave no answer in their whole time: resolvers are then asked last, authorities not again."""

    def authorities(self, zone: str, settings: Settings, deadline: Deadline) -> ZoneServers:
        """The servers of a zone: found by the first who asks, waited for by all others. Never raises."""
        with self._lock:
            first = zone not in self._zones
            found = self._zones.setdefault(zone, Future())
        if first:
            found.set_result(self._find(zone, settings, deadline))
            if not deadline.left:  # nothing was found for want of time: the next one may have more of it
                self._zones.pop(zone)
        try:
            return found.result(timeout=deadline.left)
        except NotInTime:
            return ZoneServers(trouble=f"no time was left to find the name servers of {zone}")

    def _find(self, zone: str, settings: Settings, deadline: Deadline) -> ZoneServers:
        try:
            return ZoneServers(
                authorities(
                    zone, settings.resolvers, port=settings.authority_port, deadline=deadline, silent=self.silent
                )
            )
        except OutsideError as error:
            return ZoneServers(trouble=str(error))
