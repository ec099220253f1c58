"""What the tests of a sync share: a fake that is served, a clock that does not wait, and a way to run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgegen.core.errors import LocalIOError
from edgegen.core.secret import Secret
from edgegen.dns.jobs import Choices, PlannedZone, Shelf, Surroundings, SyncResult, ZoneTask
from edgegen.dns.providers.cloudflare import Cloudflare as Provider
from edgegen.dns.sync import plan_zones, sync
from edgegen.records import Record, RecordType
from edgegen.system.stop import Stop
from tests.fakes.cloudflare import TOKEN, Cloudflare, Threaded
from tests.fakes.cloudflare_zone import FakeZone

ZONE = "example.com"


def rec(
    kind: str, name: str, content: str, ttl: int = 1, *, proxied: bool = False, priority: int | None = None
) -> Record:
    return Record(ZONE, name, RecordType(kind), content, ttl, proxied, priority)


def shelf(folder: Path) -> Shelf:
    """A state folder's files, without any safety."""

    def read(path: str) -> bytes | None:
        file = folder / path
        return file.read_bytes() if file.exists() else None

    def write(path: str, content: bytes) -> None:
        try:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        except OSError as error:
            raise LocalIOError(f"can't write: {error.strerror}") from error

    def open_lock(path: str) -> int:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        return os.open(folder / path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    return Shelf(read, write, open_lock)


class FakeClock:
    """Sleeps in no time, and moves the fake's clock along."""

    def __init__(self, state: Cloudflare) -> None:
        self._state = state
        self.slept: list[float] = []

    def now(self) -> float:
        return self._state.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._state.now += seconds


@dataclass
class Scene:
    """A served fake with one zone, and a provider that talks to it."""

    state: Cloudflare
    zone: FakeZone
    clock: FakeClock
    provider: Any
    folder: Path | None = None
    owner: str = "house"
    named: str | None = None
    """The owner by name only, where the project has no other."""

    def task(self, records: Sequence[Record], **more: Any) -> ZoneTask:
        return ZoneTask(self.provider, ZONE, tuple(records), **more)

    def plan(self, records: Sequence[Record], **choices: Any) -> PlannedZone:
        return plan_zones([self.task(records)], Choices(self.owner, self.named, **choices), self.surroundings())[0]

    def surroundings(self) -> Surroundings:
        return Surroundings(shelf=shelf(self.folder) if self.folder is not None else Shelf())

    def sync(self, records: Sequence[Record], *, stop: Stop | None = None, **choices: Any) -> SyncResult:
        choices.setdefault("adopt", frozenset())
        self.state.oracle.adopted |= set(choices["adopt"])
        self.state.oracle.must_answer |= {record.name for record in records if record.type in ("A", "AAAA", "CNAME")}
        chosen = Choices(self.owner, self.named, **choices)
        return sync([self.task(records)], chosen, self.surroundings(), clock=self.clock, stop=stop)

    def writes(self) -> int:
        return self.state.count() - self.state.count("GET")

    def held(self) -> set[tuple[str, str, str]]:
        return {(row["type"], row["name"], row["content"]) for row in self.zone.records.values()}


@contextmanager
def scene(folder: Path | None = None, served: Threaded | None = None, **zone: Any) -> Iterator[Scene]:
    """A fresh zone on a fresh fake, or on a server that is already there."""
    state = Cloudflare()
    made = state.add_zone(ZONE, **zone)
    clock = FakeClock(state)
    if served is not None:
        served.state = state
        provider = Provider(Secret(TOKEN), clock, served.url)
        try:
            yield Scene(state, made, clock, provider, folder)
        finally:
            provider.close()
        return
    with Threaded(state) as own:
        provider = Provider(Secret(TOKEN), clock, own.url)
        yield Scene(state, made, clock, provider, folder)
        provider.close()
