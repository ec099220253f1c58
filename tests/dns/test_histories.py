"""Random lives of a zone: strangers, faults, crashes, changed minds. Nothing of others is touched, none of ours lost.

A sample of the histories; by `--proof` the 2,000 that the promise was made for.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from edgegen.core.errors import EdgegenError
from edgegen.records import Record
from tests.dns.support import ZONE, Scene, rec, scene
from tests.fakes.cloudflare import Cloudflare, Threaded
from tests.fakes.cloudflare_faults import Fault
from tests.sizes import sized

HISTORIES = sized(80, 2_000)
PARTS = 8
BREAKS = ("rst", "fin", "half", "json", "html", "gzip", "null")


class Crash(BaseException):
    """The process dies: nobody may handle it."""


@pytest.fixture(scope="module")
def served() -> Iterator[Threaded]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)  # client and server take turns in one process
    with Threaded(Cloudflare()) as one:
        yield one
    sys.setswitchinterval(before)


def some_records(chance: random.Random, most: int) -> list[Record]:
    """Wanted records: names are few enough to meet strangers' and to change type."""
    found: dict[tuple[str, str], Record] = {}
    pointer: dict[str, str] = {}
    for _ in range(chance.randint(1, most)):
        name = f"n{chance.randrange(most * 2)}.{ZONE}"
        kind = chance.choice(["A", "A", "A", "AAAA", "CNAME", "TXT", "SRV", "MX", "CAA"])
        if kind == "CNAME" and name in pointer:
            continue
        if pointer.get(name) == "CNAME":
            continue
        pointer[name] = kind
        found[kind, name] = wanted(chance, kind, name)
    return list(found.values())


def wanted(chance: random.Random, kind: str, name: str) -> Record:
    number = chance.randrange(1, 9)
    if kind == "A":
        return rec("A", name, f"192.0.2.{number}", chance.choice([1, 300]), proxied=chance.random() < 0.3)
    if kind == "AAAA":
        return rec("AAAA", name, f"2001:db8::{number}")
    if kind == "CNAME":
        return rec("CNAME", name, f"t{number}.example.net")
    if kind == "TXT":
        return rec("TXT", name, chance.choice(["plain", 'with "quotes"', "x" * 300, "grüße"]))
    if kind == "SRV":
        return rec("SRV", name, f"1 {number} t.example.net", priority=0)
    if kind == "MX":
        return rec("MX", name, f"m{number}.example.net", priority=number)
    return rec("CAA", name, f'0 issue "ca{number}.example.net"')


def strangers(chance: random.Random, s: Scene, names: list[str]) -> None:
    """30 to 70 % of the zone is somebody else's; some of it bears marks that are not right."""
    marks = [
        None,
        None,
        None,
        "by hand",
        "edgegen;v1;o=house;k=0000000000",
        "EDGEGEN;v1;o=house",
        "edgegen;v1;o=other;k=1",
    ]
    share = chance.uniform(0.3, 0.7)
    for number in range(round(len(names) * share / (1 - share))):
        own_name = f"x{number}.{ZONE}"
        name = chance.choice([own_name, own_name, own_name, chance.choice(names)])
        row = {"type": "TXT", "content": f'"theirs {number}"'}
        if name == own_name:
            row = chance.choice(
                [row, {"type": "A", "content": "198.51.100.7"}, {"type": "CNAME", "content": "o.example.org"}]
            )
        if not any(item["name"] == name and "CNAME" in (item["type"], row["type"]) for item in s.zone.records.values()):
            s.state.seed(s.zone, name=name, comment=chance.choice(marks), **row)


def some_faults(chance: random.Random) -> list[Fault]:
    """About every fifth request of a run goes wrong."""
    faults = []
    for nth in range(1, 9):
        if chance.random() < 0.2:
            phase = chance.choice(["before", "after"])
            if chance.random() < 0.4:
                number = chance.choice([429, 500, 502, 503, 504, 520, 524])
                faults.append(Fault("status", nth, "before" if number == 429 else phase, status=number))
            elif chance.random() < 0.2:
                faults.append(Fault(chance.choice(["short", "empty"]), nth, "after", "GET", "/dns_records"))
            else:
                kind = chance.choice(BREAKS)
                faults.append(Fault(kind, nth, "after" if kind == "half" else phase))
    return faults


def some_crash(chance: random.Random, s: Scene) -> None:
    """The process dies before a request, or after it was applied: `_exchange` is the last step of ours."""
    at, after = chance.randint(1, 6), chance.random() < 0.5
    wire = s.provider._wire
    original = type(wire)._exchange.__get__(wire)
    seen = 0

    def exchange(*words: object, **more: object) -> object:
        nonlocal seen
        seen += 1
        if seen == at and not after:
            raise Crash
        answer = original(*words, **more)
        if seen == at:
            raise Crash
        return answer

    wire._exchange = exchange


def live(seed: int, served: Threaded, folder: Path) -> int:
    """One history. Gives the number of clean runs that it took to converge."""
    chance = random.Random(seed)
    most = chance.choice([3, 8, 20, 60]) if seed % 20 else 150
    with scene(folder, served) as s:
        want = some_records(chance, most)
        strangers(chance, s, sorted({record.name for record in want}))
        theirs = {key: dict(row) for key, row in s.zone.records.items()}
        for _ in range(chance.randint(1, 3)):
            s.state.faults = some_faults(chance)
            if chance.random() < 0.3:
                some_crash(chance, s)
            with suppress(EdgegenError, Crash):
                run(s, want, chance)
            s.provider._wire.__dict__.pop("_exchange", None)
            if chance.random() < 0.3:
                want = some_records(chance, most)
        s.state.faults.clear()
        runs = converge(s, want, theirs)
        assert {key: s.zone.records.get(key) for key in theirs} == theirs
        assert s.state.oracle.wrong == []
        return runs


def run(s: Scene, want: list[Record], chance: random.Random | None = None) -> int:
    s.state.oracle.must_answer.clear()
    deletes = None
    if chance is None or chance.random() < 0.7:
        plan = s.plan(want, prune=True).plan
        from edgegen.dns.safety import losses as lost

        deletes = len(lost(plan))
    return s.sync(want, prune=deletes is not None, allow_deletes=deletes).total


def converge(s: Scene, want: list[Record], theirs: dict[str, dict[str, object]]) -> int:
    blocked = {row["name"] for row in theirs.values()}
    free = [record for record in want if not (record.name in blocked and record.type == "CNAME")]
    number = 1
    while True:
        try:
            run(s, free)
            break
        except EdgegenError as error:
            number += 1
            assert number <= 3, f"three clean runs were not enough: {error}"
    writes = s.writes()
    assert run(s, free) == 0
    assert s.writes() == writes
    ours = [row for key, row in s.zone.records.items() if key not in theirs]
    assert sorted((row["type"], row["name"]) for row in ours) == sorted((r.type.value, r.name) for r in free)
    return number


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_histories(part: int, served: Threaded, tmp_path: Path) -> None:
    runs = []
    for seed in range(part, HISTORIES, PARTS):
        try:
            runs.append(live(seed, served, tmp_path / str(seed)))
        except BaseException:
            print(f"history {seed}")
            raise
    assert max(runs) <= 3
    assert sorted(runs)[len(runs) // 2] == 1
