"""Two syncs at once: on one host a lock, on two hosts the provider's own word and another look."""

from __future__ import annotations

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from edgegen.core.errors import EdgegenError, LockedError, PartialError, RefusedError
from edgegen.core.secret import Secret
from edgegen.dns.jobs import Choices, Shelf, Surroundings, ZoneTask
from edgegen.dns.providers.cloudflare import Cloudflare as Provider
from edgegen.dns.sync import sync, zone_lock
from edgegen.records import Record
from edgegen.system.clock import WallClock
from tests.dns.support import ZONE, FakeClock, rec, shelf
from tests.fakes.cloudflare import TOKEN, Cloudflare, Threaded
from tests.sizes import sized

WANT = [rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(20)]
ORDERS = sized(20, 50)
SERVICES = [rec("SRV", f"_s{number}._tcp.{ZONE}", "1 993 mail.example.net", priority=0) for number in range(3)]
"""The API lets such records stand twice."""


def go(
    url: str, clock: object, want: list[Record], folder: Path | None, owner: str = "house", timeout: float = 0
) -> int:
    provider = Provider(Secret(TOKEN), clock, url)
    try:
        surroundings = Surroundings(timeout, shelf=shelf(folder) if folder else Shelf())
        return sync([ZoneTask(provider, ZONE, tuple(want))], Choices(owner), surroundings, clock=clock).made
    finally:
        provider.close()


class Turns:
    """Lets the requests of several clients through in an order that a seed decides."""

    def __init__(self, seed: int, clients: int) -> None:
        self._chance = random.Random(seed)
        self._lock = threading.Condition()
        self._waiting: list[object] = []
        self._clients = clients

    def take(self, number: int, method: str) -> None:
        """Waits until it is this request's turn: all clients that live have asked, and one is drawn."""
        me = object()
        with self._lock:
            self._waiting.append(me)
            self._draw()
            self._lock.wait_for(lambda: me not in self._waiting, timeout=5)

    def leave(self) -> None:
        with self._lock:
            self._clients -= 1
            self._draw()

    def _draw(self) -> None:
        if self._waiting and len(self._waiting) >= self._clients:
            self._waiting.remove(self._chance.choice(self._waiting))
            self._lock.notify_all()


class Scheduled(Cloudflare):
    """A fake whose requests wait for their turn before they take its lock."""

    turns: Turns | None = None

    def handle(self, *request: object) -> object:
        if self.turns is not None:
            self.turns.take(0, "")
        return super().handle(*request)


def side_by_side(seed: int, want: list[Record]) -> tuple[Scheduled, list[EdgegenError | int]]:
    """Two syncs of the same wish whose requests come in a drawn order, then a third alone."""
    state = Scheduled()
    state.add_zone(ZONE)
    turns = state.turns = Turns(seed, 2)
    clock = FakeClock(state)

    def one(url: str) -> EdgegenError | int:
        try:
            return go(url, clock, want, None)
        except EdgegenError as error:
            return error
        finally:
            turns.leave()

    with Threaded(state) as served, ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(one, [served.url] * 2))
        state.turns = None
        assert go(served.url, clock, want, None) == 0
    return state, ends


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_two_hosts_make_no_twins(part: int) -> None:
    """Without a common lock, in drawn orders of requests: where the API allows a twin, the later is undone."""
    for seed in range(part, 4 * ORDERS, 4):
        want = WANT if seed % 2 else SERVICES
        state, ends = side_by_side(seed, want)
        assert all(isinstance(end, (int, PartialError)) for end in ends), ends
        assert [line for line in state.oracle.wrong if not line.startswith("I2")] == []
        (zone,) = state.zones.values()
        assert len(zone.records) == len(want)


def test_two_owners_of_one_name_are_a_conflict() -> None:
    state = Cloudflare()
    state.add_zone(ZONE)
    clock = FakeClock(state)
    with Threaded(state) as served:
        go(served.url, clock, WANT, None, "one")
        with pytest.raises(RefusedError):
            go(served.url, clock, [rec("A", WANT[0].name, "192.0.2.9")], None, "two")
    assert state.oracle.wrong == []


def test_one_host_waits_for_the_other(tmp_path: Path) -> None:
    state = Cloudflare()
    state.add_zone(ZONE)
    with Threaded(state) as served, ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: go(served.url, WallClock(), WANT, tmp_path, timeout=120), range(2)))
    assert sorted(made) == [0, len(WANT)]
    assert state.count() == 6
    assert state.oracle.wrong == []


@pytest.mark.slow
def test_who_waits_too_long_is_told_for_whom(tmp_path: Path) -> None:
    state = Cloudflare()
    state.add_zone(ZONE)
    told = rf"pid {os.getpid()} on .*, since 2\d\d\d-"
    with (
        zone_lock(shelf(tmp_path), ZONE, 0, WallClock()),
        Threaded(state) as served,
        pytest.raises(LockedError, match=told),
    ):
        go(served.url, WallClock(), WANT, tmp_path, timeout=0.1)
    assert state.count() == 0
    with Threaded(state) as served:
        assert go(served.url, WallClock(), WANT, tmp_path) == len(WANT)


@pytest.mark.parametrize("signature", ["", "[" * 4096, '{"pid": 1e999, "host": "a", "since": "b"}', '{"pid": 1}'])
def test_a_holder_whose_signature_can_not_be_read(tmp_path: Path, signature: str) -> None:
    with zone_lock(shelf(tmp_path), ZONE, 0, WallClock()):
        (tmp_path / "locks" / f"{ZONE}.lock").write_text(signature)
        with (
            pytest.raises(LockedError, match="its process is not known yet"),
            zone_lock(shelf(tmp_path), ZONE, 0, WallClock()),
        ):
            pass


def test_the_kernel_frees_a_dead_holders_lock(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        zone_lock(shelf(tmp_path), ZONE, 0, WallClock()).__enter__()
        os._exit(0)
    os.waitpid(child, 0)
    with zone_lock(shelf(tmp_path), ZONE, 0, WallClock()):
        assert (tmp_path / "locks" / f"{ZONE}.lock").stat().st_mode & 0o777 == 0o600
