# ruff: noqa: E501  # a table: one case a line
"""A project that owns its records by its name only: another project may have the same, in another folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from edgegen.core.errors import LocalIOError, RefusedError
from edgegen.dns.diff import diff
from edgegen.dns.jobs import Choices, Shelf, Surroundings
from edgegen.dns.ledger import Ledger
from edgegen.dns.plan import Existing
from edgegen.dns.sync import sync
from edgegen.records import Record
from tests.dns.support import ZONE, Scene, rec, scene
from tests.dns.test_diff import have, mark

W, MINE, THEIRS = f"www.{ZONE}", "192.0.2.1", "192.0.2.9"
THERE = have(1, rec("A", W, THEIRS))
KNOWN = Ledger(wrote=frozenset({"id1"}))

CASES = [
    ("equal", [rec("A", W, THEIRS)], [THERE], {}, ["keep"]),
    ("equal, and pruned", [rec("A", W, THEIRS)], [THERE], {"prune": True}, ["keep"]),
    ("changed", [rec("A", W, MINE)], [THERE], {}, ["conflict", "stale"]),
    ("changed, said once", [rec("A", W, MINE)], [THERE], {"prune": True}, ["conflict", "stale"]),
    ("changed, known", [rec("A", W, MINE)], [THERE], {"known": KNOWN}, ["update"]),
    ("changed, taken over", [rec("A", W, MINE)], [THERE], {"adopt": [W]}, ["update"]),
    ("changed, another taken over", [rec("A", W, MINE)], [THERE], {"adopt": [ZONE]}, ["conflict", "stale"]),
    ("changed, another known", [rec("A", W, MINE)], [THERE], {"known": Ledger(wrote=frozenset({"id2"}))}, ["conflict", "stale"]),
    ("other ttl", [rec("A", W, THEIRS, 300)], [THERE], {}, ["conflict"]),
    ("other ttl, known", [rec("A", W, THEIRS, 300)], [THERE], {"known": KNOWN}, ["update"]),
    ("other ttl, taken over", [rec("A", W, THEIRS, 300)], [THERE], {"adopt": [W]}, ["update"]),
    ("another type", [rec("CNAME", W, "x.example.net")], [THERE], {}, ["conflict", "stale"]),
    ("another type, known", [rec("CNAME", W, "x.example.net")], [THERE], {"known": KNOWN}, ["create", "delete"]),
    ("another type, taken over", [rec("CNAME", W, "x.example.net")], [THERE], {"adopt": [W]}, ["create", "delete"]),
    ("the other family", [rec("AAAA", W, "2001:db8::1")], [THERE], {}, ["conflict", "stale"]),
    ("the other family, known", [rec("AAAA", W, "2001:db8::1")], [THERE], {"known": KNOWN}, ["create", "stale"]),
    ("not wanted", [], [THERE], {}, ["stale"]),
    ("pruned", [], [THERE], {"prune": True}, ["conflict"]),
    ("pruned, known", [], [THERE], {"prune": True, "known": KNOWN}, ["delete"]),
    ("pruned, taken over", [], [THERE], {"prune": True, "adopt": [W]}, ["delete"]),
    ("taken over, not pruned", [], [THERE], {"adopt": [W]}, ["stale"]),
    ("a text", [rec("TXT", W, "mine")], [have(1, rec("TXT", W, "theirs"))], {}, ["conflict", "stale"]),
    ("a text, taken over", [rec("TXT", W, "mine")], [have(1, rec("TXT", W, "theirs"))], {"adopt": [W]}, ["update"]),
    ("a second text beside an equal one", [rec("TXT", W, "a"), rec("TXT", W, "b")], [have(1, rec("TXT", W, "a"))], {}, ["keep", "create"]),
    ("an address beside a text", [rec("A", W, MINE)], [have(1, rec("TXT", W, "theirs"))], {}, ["create", "stale"]),
    ("locked", [rec("A", W, MINE)], [replace(THERE, locked=True)], {"known": KNOWN}, ["conflict", "foreign"]),
    ("known, but of another owner", [rec("A", W, MINE)], [have(1, rec("A", W, THEIRS), comment=mark("A", W, "other"))], {"known": KNOWN}, ["conflict", "foreign"]),
    ("known, but unmarked", [rec("A", W, MINE)], [have(1, rec("A", W, THEIRS), ours=False)], {"known": KNOWN}, ["conflict", "foreign"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("desired", "existing", "options", "actions"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_plan(desired: Sequence[Record], existing: Sequence[Existing], options: dict, actions: list[str]) -> None:
    plan = diff(ZONE, desired, existing, owner="house", named="house", **options)
    assert [change.action.value for change in plan.changes] == actions


def test_a_certain_owner_asks_nobody_and_the_name_counts_where_it_is_known() -> None:
    """An interrupted `dns own`: half of the records bear the new owner, half the name."""
    new = have(1, rec("A", W, THEIRS), comment=mark("A", W, "house-k3v9x2qa"))
    plan = diff(ZONE, [rec("A", W, MINE)], [new], owner="house-k3v9x2qa", named="house")
    assert [change.action.value for change in plan.changes] == ["update"]
    plan = diff(ZONE, [rec("A", W, MINE)], [THERE], owner="house-k3v9x2qa", named="house")
    assert [change.action.value for change in plan.changes] == ["conflict", "foreign"]
    assert "was made by another edgegen project" in plan.changes[0].reason
    plan = diff(ZONE, [], [THERE], owner="house-k3v9x2qa", named="house", prune=True)
    assert [change.action.value for change in plan.changes] == ["foreign"]
    plan = diff(ZONE, [rec("A", W, MINE)], [THERE], owner="house-k3v9x2qa", named="house", known=KNOWN)
    assert [change.action.value for change in plan.changes] == ["update"]
    plan = diff(ZONE, [rec("A", W, MINE)], [THERE], owner="house-k3v9x2qa", known=KNOWN)
    assert [change.action.value for change in plan.changes] == ["conflict", "foreign"]


@pytest.fixture
def s(tmp_path: Path) -> Scene:
    with scene(tmp_path / "one") as found:
        found.named = found.owner
        yield found


def other(s: Scene, tmp_path: Path, name: str = "two") -> Scene:
    """The same zone from another folder, by a project of the same name."""
    return replace(s, folder=tmp_path / name)


def refused(s: Scene, want: Sequence[Record], **choices: object) -> str:
    before = s.writes(), s.held()
    with pytest.raises(RefusedError) as caught:
        s.sync(want, **choices)
    assert (s.writes(), s.held()) == before
    return str(caught.value)


def test_what_a_folder_wrote_it_goes_on_with(s: Scene) -> None:
    s.sync([rec("A", W, MINE)])
    assert s.sync([rec("A", W, THEIRS)]).made == 1
    assert s.sync([rec("CNAME", W, "x.example.net")]).made == 2
    assert s.sync([], prune=True).made == 1
    assert s.held() == set()


def test_a_person_may_change_what_a_folder_wrote_and_it_is_put_right(s: Scene) -> None:
    s.sync([rec("A", W, MINE)])
    next(iter(s.zone.records.values()))["content"] = THEIRS
    assert s.sync([rec("A", W, MINE)]).made == 1


def test_another_folder_neither_changes_nor_deletes_it(s: Scene, tmp_path: Path) -> None:
    s.sync([rec("A", W, MINE), rec("A", ZONE, MINE)])
    two = other(s, tmp_path)
    assert f"--adopt {W}" in refused(two, [rec("A", W, THEIRS)])
    assert f"--adopt {W}" in refused(two, [rec("A", ZONE, MINE)], prune=True)
    assert two.sync([rec("A", f"b.{ZONE}", THEIRS)]).made == 1
    assert two.sync([rec("A", f"b.{ZONE}", MINE)]).made == 1
    assert s.sync([rec("A", W, MINE), rec("A", ZONE, MINE)]).made == 0


def test_a_refused_sync_and_a_plan_make_nothing_known(s: Scene, tmp_path: Path) -> None:
    s.sync([rec("A", W, MINE)])
    two = other(s, tmp_path)
    for _ in range(2):
        two.plan([rec("A", W, MINE)])
        two.plan([rec("A", W, THEIRS)])
        refused(two, [rec("A", W, THEIRS)])
        refused(two, [], prune=True)


def test_an_equal_record_is_remembered_as_it_is(s: Scene, tmp_path: Path) -> None:
    """A clone of the project goes on; it does not turn back what another folder changed since."""
    s.sync([rec("A", W, MINE)])
    two = other(s, tmp_path)
    assert two.sync([rec("A", W, MINE)]).made == 0
    three = other(s, tmp_path, "three")
    assert three.sync([rec("A", W, MINE)]).made == 0
    assert two.sync([rec("A", W, THEIRS)]).made == 1
    refused(three, [rec("A", W, MINE)])
    refused(three, [], prune=True)


def test_taken_over_it_is_known(s: Scene, tmp_path: Path) -> None:
    s.sync([rec("A", W, MINE)])
    two = other(s, tmp_path)
    assert two.sync([rec("A", W, THEIRS)], adopt=frozenset({W})).made == 1
    assert two.sync([rec("A", W, "192.0.2.7")]).made == 1
    assert two.sync([], prune=True).made == 1


def test_without_a_state_folder_nothing_is_known(s: Scene) -> None:
    s.sync([rec("A", W, MINE)])
    lost = replace(s, folder=None)
    assert lost.sync([rec("A", W, MINE)]).made == 0
    refused(lost, [rec("A", W, THEIRS)])


def as_the_version_before_left_it(folder: Path, *, synced: bool) -> None:
    """Its state: a count for each zone that was listed, and a lock for each that was synced."""
    for file in (folder / "dns").glob("*.ledger.json"):
        file.unlink()
    assert [json.loads(file.read_text()) for file in (folder / "dns").glob("*.json")] == [{"records": 2}]
    for lock in (folder / "locks").glob("*"):
        if not synced:
            lock.unlink()


@pytest.mark.parametrize("first", ["plan", "sync"])
def test_a_folder_that_has_synced_with_the_version_before_goes_on(s: Scene, first: str) -> None:
    want = [rec("A", W, MINE), rec("TXT", ZONE, "x")]
    s.sync(want)
    as_the_version_before_left_it(s.folder, synced=True)
    getattr(s, first)(want)
    assert s.sync([rec("A", W, THEIRS)], prune=True).made == 2


@pytest.mark.parametrize("first", ["plan", "sync"])
def test_what_it_inherits_is_what_it_sees_first(s: Scene, tmp_path: Path, first: str) -> None:
    want = [rec("A", W, MINE), rec("TXT", ZONE, "x")]
    s.sync(want)
    as_the_version_before_left_it(s.folder, synced=True)
    getattr(s, first)(want)
    other(s, tmp_path).sync([*want, rec("A", f"late.{ZONE}", THEIRS)])
    refused(s, want, prune=True)


def test_one_that_has_only_planned_with_it_inherits_nothing(s: Scene, tmp_path: Path) -> None:
    s.sync([rec("A", W, MINE), rec("TXT", ZONE, "x")])
    two = other(s, tmp_path)
    two.plan([rec("A", W, THEIRS)])
    as_the_version_before_left_it(two.folder, synced=False)
    refused(two, [rec("A", W, THEIRS)])
    refused(two, [rec("A", W, THEIRS)])


def test_a_sync_that_failed_early_inherits_nothing_later(s: Scene, tmp_path: Path) -> None:
    from tests.fakes.cloudflare_faults import Fault

    s.sync([rec("A", W, MINE)])
    two = other(s, tmp_path)
    two.plan([rec("A", W, THEIRS)])
    s.state.faults = [Fault("empty", 1, "after", "GET", "/dns_records")]
    with pytest.raises(Exception, match="incomplete"):
        two.sync([rec("A", W, THEIRS)])
    s.state.faults.clear()
    refused(two, [rec("A", W, THEIRS)])


def test_a_folder_with_an_owner_of_its_own_inherits_nothing_when_it_loses_it(s: Scene, tmp_path: Path) -> None:
    s.sync([rec("A", W, MINE)])
    two = replace(other(s, tmp_path), owner="house-k3v9x2qa", named=None)
    two.sync([rec("A", f"b.{ZONE}", MINE)])
    refused(replace(two, owner="house", named="house"), [rec("A", W, THEIRS)])


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b'{"owners": 1}', b'{"owners": {"house": {"met": "x"}}}', b"[" * 100_000]
)
def test_a_damaged_ledger_knows_nothing(s: Scene, text: bytes) -> None:
    s.sync([rec("A", W, MINE)])
    next((s.folder / "dns").glob("*.ledger.json")).write_bytes(text)
    refused(s, [rec("A", W, THEIRS)])
    assert s.sync([rec("A", W, MINE)]).made == 0
    assert s.sync([rec("A", W, THEIRS)]).made == 1


def test_a_full_disk_is_a_warning(s: Scene) -> None:
    def full(path: str, content: bytes) -> None:
        raise LocalIOError("no space left on device")

    surroundings = Surroundings(shelf=Shelf(lambda _: None, full))
    told = sync([s.task([rec("A", W, MINE)])], Choices("house", "house"), surroundings, clock=s.clock)
    assert told.made == 1
    assert any("could not be saved: no space left" in warning for warning in told.warnings)


def test_the_ledger_holds_what_is_there_and_no_more(s: Scene) -> None:
    for number in range(1, 8):
        s.sync([rec("A", W, f"192.0.2.{number}"), rec("A", f"n{number}.{ZONE}", MINE)], prune=True)
    (file,) = (s.folder / "dns").glob("*.ledger.json")
    entry = json.loads(file.read_text())["owners"]["house"]
    assert sorted(entry["wrote"]) == sorted(s.zone.records)
    assert len(entry["met"]) <= 3


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", range(1, 5))
def test_killed_at_any_request_it_finds_its_own_again(s: Scene, nth: int, when: str) -> None:
    class Killed(BaseException):
        pass

    wire, seen = s.provider._wire, 0
    original = wire._exchange

    def exchange(*words: object, **more: object) -> object:
        nonlocal seen
        seen += 1
        if seen == nth and when == "before":
            raise Killed
        answer = original(*words, **more)
        if seen == nth:
            raise Killed
        return answer

    s.sync([rec("A", W, MINE)])
    wire._exchange = exchange
    with pytest.raises(Killed):
        s.sync([rec("A", W, "192.0.2.2"), rec("A", f"new.{ZONE}", "192.0.2.2")])
    wire._exchange = original
    s.sync([rec("A", W, "192.0.2.3"), rec("A", f"new.{ZONE}", "192.0.2.3")])
    assert s.held() == {("A", W, "192.0.2.3"), ("A", f"new.{ZONE}", "192.0.2.3")}
