"""Somebody else's address beside a wanted one; records that differ in priority only; MX and NS of the zone itself."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.core.errors import RefusedError
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.plan import Action
from edgegen.dns.providers.zonefile import ZonefileProvider
from edgegen.dns.sync import sync
from edgegen.records import Record
from tests.dns.support import ZONE, Scene, rec, scene

NAME = f"www.{ZONE}"
OURS = [rec("A", NAME, "192.0.2.1")]
OTHERS = {"the old server's AAAA": ("AAAA", "2001:db8::dead"), "a second A": ("A", "198.51.100.7")}
MX10, MX20 = (rec("MX", ZONE, "mail.example.net", priority=number) for number in (10, 20))


def with_stranger(s: Scene, kind: str, content: str, *, first: bool) -> dict[str, Any]:
    """The stranger's address was there before ours was made, or came later."""
    if first:
        return s.state.seed(s.zone, type=kind, name=NAME, content=content)
    s.sync(OURS)
    made = s.state.seed(s.zone, type=kind, name=NAME, content=content)
    s.state.log.clear()
    return made


@pytest.mark.parametrize("first", [True, False], ids=["before ours", "beside ours"])
@pytest.mark.parametrize("other", OTHERS)
def test_a_strangers_address_is_a_conflict_and_nothing_is_written(other: str, first: bool) -> None:
    with scene() as s:
        with_stranger(s, *OTHERS[other], first=first)
        before = s.held()
        wanted = [*OURS, rec("A", f"new.{ZONE}", "192.0.2.1")]
        with pytest.raises(RefusedError) as refusal:
            s.sync(wanted)
        (problem,) = refusal.value.problems
        assert OTHERS[other][1] in str(problem)
        assert f"--adopt {NAME}" in str(problem)
        assert s.writes() == 0
        assert s.held() == before


@pytest.mark.parametrize("first", [True, False], ids=["before ours", "beside ours"])
@pytest.mark.parametrize("other", OTHERS)
def test_adopting_the_name_leaves_only_what_is_wanted(other: str, first: bool) -> None:
    with scene() as s:
        with_stranger(s, *OTHERS[other], first=first)
        s.sync(OURS, adopt=frozenset({NAME}))
        assert s.held() == {("A", NAME, "192.0.2.1")}
        assert s.sync(OURS).total == 0
        assert s.state.oracle.wrong == []


@pytest.mark.parametrize("other", OTHERS)
def test_an_address_that_the_spec_declares_is_no_conflict(other: str) -> None:
    with scene() as s:
        with_stranger(s, *OTHERS[other], first=False)
        assert s.sync([*OURS, rec(OTHERS[other][0], NAME, OTHERS[other][1])]).total == 0
        assert s.writes() == 0


@pytest.mark.parametrize("other", OTHERS)
def test_an_ignored_name_is_no_conflict(other: str) -> None:
    with scene() as s:
        with_stranger(s, *OTHERS[other], first=False)
        assert sync([s.task(OURS, ignore=(NAME,))], Choices("house"), clock=s.clock).total == 0
        assert s.writes() == 0


def test_only_the_adopted_name_is_taken_over() -> None:
    with scene() as s:
        s.state.seed(s.zone, type="A", name=f"b.{ZONE}", content="198.51.100.7")
        with_stranger(s, *OTHERS["a second A"], first=True)
        with pytest.raises(RefusedError, match=f"b\\.{ZONE}"):
            s.sync([*OURS, rec("A", f"b.{ZONE}", "192.0.2.1")], adopt=frozenset({NAME}))
        assert s.writes() == 0


def test_two_mx_of_one_target_and_two_priorities_are_two_records() -> None:
    with scene() as s:
        assert s.sync([MX10, MX20]).made == 2
        assert sorted(row["priority"] for row in s.zone.records.values()) == [10, 20]
        assert s.sync([MX20, MX10]).total == 0
        assert s.sync([MX20], prune=True).total == 0, "an MX of the zone itself stays"
        assert s.state.oracle.wrong == []


def test_one_of_two_mx_of_a_name_can_go() -> None:
    pair = [rec("MX", f"sub.{ZONE}", "mail.example.net", priority=number) for number in (10, 20)]
    with scene() as s:
        s.sync(pair)
        assert s.sync(pair[1:], prune=True).made == 1
        assert [row["priority"] for row in s.zone.records.values()] == [20]


def test_a_lost_answer_makes_no_twin_of_either_priority() -> None:
    from tests.fakes.cloudflare_faults import Fault

    pair = [rec("SRV", f"_imaps._tcp.{ZONE}", "1 993 mail.example.net", priority=number) for number in (0, 5)]
    with scene() as s:
        s.state.faults = [Fault("rst", phase="after", method="POST")]
        assert s.sync(pair).made == 2
        assert sorted(row["priority"] for row in s.zone.records.values()) == [0, 5]
        assert s.state.oracle.wrong == []


def test_a_zone_file_keeps_both_priorities() -> None:
    files: dict[str, bytes] = {}
    provider = ZonefileProvider(files.get, files.__setitem__)
    task = ZoneTask(provider, ZONE, (MX10, MX20))
    assert sync([task], Choices("house")).made == 2
    lines = [line for line in files[f"dns/{ZONE}.zone"].decode().splitlines() if " MX " in line]
    assert [line.split()[4:6] for line in lines] == [["10", "mail.example.net."], ["20", "mail.example.net."]]
    assert sync([task], Choices("house")).total == 0


@pytest.mark.parametrize("kind", ["MX", "NS"])
def test_an_owned_record_of_the_zone_itself_stays_and_blocks_nothing(kind: str) -> None:
    apex = rec(kind, ZONE, "host.example.net", priority=10 if kind == "MX" else None)
    rest: list[Record] = [rec("A", f"a{number}.{ZONE}", "192.0.2.1") for number in range(3)]
    with scene() as s:
        s.sync([apex, *rest])
        stays = s.plan(rest[1:], prune=True).plan.of(Action.STALE)
        assert [(change.record.type, change.reason) for change in stays] == [
            (kind, f"no longer in the spec; {kind} of the zone itself stays: --allow-apex deletes it")
        ]
        s.state.oracle.must_answer.clear()
        assert s.sync(rest[1:], prune=True).made == 1, "the other one was pruned"
        assert (kind, ZONE, "host.example.net") in s.held()
        assert s.sync(rest[1:], allow_apex=True).made == 1
        assert (kind, ZONE, "host.example.net") not in s.held()


def test_an_mx_of_the_zone_itself_never_goes_without_leave() -> None:
    """A CNAME of the zone itself needs no room: Cloudflare flattens it, and the MX stays beside it."""
    with scene() as s:
        s.sync([MX10])
        s.sync([rec("CNAME", ZONE, "edge.example.net")])
        assert s.held() == {("MX", ZONE, "mail.example.net"), ("CNAME", ZONE, "edge.example.net")}
