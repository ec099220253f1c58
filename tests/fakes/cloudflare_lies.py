"""A Cloudflare that lies or lags: its records are what they are, but not what it says they are.

A lie bends the answer to one kind of request; a lag shows lists as they were before the last writes.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.cloudflare import Answer, Cloudflare
from tests.fakes.cloudflare_faults import Fault

Body = dict[str, Any]


@dataclass
class Lie:
    """`bend` gets the true answer's body and gives what is said instead: a body, bytes, or a whole answer.

    `nth` counts matching requests from 1, `times` says how many are bent. `applied` False: nothing is really done.
    """

    bend: Callable[[Liar, Body, Body], Body | bytes | Answer]
    method: str = "POST"
    path: str = "/dns_records"
    nth: int = 1
    times: int = 10**6
    applied: bool = True
    seen: int = 0

    def hits(self, method: str, path: str) -> bool:
        """Whether it is this request's turn."""
        if method != self.method or self.path not in path:
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


@dataclass
class Liar(Cloudflare):
    """`lag`: so many lists after each write still show what was before it; -1 is for ever."""

    lag: int = 0
    lies: list[Lie] = field(default_factory=list)
    old: dict[str, Any] = field(default_factory=dict)
    behind: int = 0

    def handle(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[Answer | None, Fault | None]:
        with self.lock:
            path = target.partition("?")[0]
            lie = next((lie for lie in self.lies if lie.hits(method, path)), None)
            before = {zone.id: (dict(zone.records), zone.serial) for zone in self.zones.values()}
            if method == "GET" and "/dns_records" in path and self.behind:
                return self._from_the_past(method, target, headers, body, lie)
            answer, fault = super().handle(method, target, headers, body)
            if method != "GET" and any(zone.records != before[zone.id][0] for zone in self.zones.values()):
                if not self.behind:
                    self.old = {key: copy.copy(records) for key, (records, _) in before.items()}
                self.behind = self.lag
            if lie is None or answer is None:
                return answer, fault
            if not lie.applied:
                for zone in self.zones.values():
                    zone.records, zone.serial = before[zone.id]
            return self._bent(lie, answer, body), fault

    def _from_the_past(self, method: str, target: str, headers: dict[str, str], body: bytes, lie: Lie | None) -> Any:
        if self.behind > 0:
            self.behind -= 1
        now = {zone.id: zone.records for zone in self.zones.values()}
        for zone in self.zones.values():
            zone.records = self.old.get(zone.id, zone.records)
        try:
            answer, fault = super().handle(method, target, headers, body)
        finally:
            for zone in self.zones.values():
                zone.records = now[zone.id]
        return (self._bent(lie, answer, body) if lie and answer else answer), fault

    def _bent(self, lie: Lie, answer: Answer, sent: bytes) -> Answer:
        status, headers, payload = answer
        said = lie.bend(self, json.loads(payload), json.loads(sent or b"{}"))
        if isinstance(said, tuple):
            return said
        return status, headers, said if isinstance(said, bytes) else json.dumps(said).encode()
