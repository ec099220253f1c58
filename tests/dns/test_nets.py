# ruff: noqa: E501  # tables: one case a line
"""Each safeguard at its very limit, and each taken away once: the table that holds it must see that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from edgegen.core.errors import EdgegenError, PartialError, RefusedError
from edgegen.dns import apply, batches, diff, marker, meanwhile, safety, sync
from edgegen.dns.batches import Unit, chunks
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.plan import Action, Change, Existing, ZonePlan
from edgegen.records import Record, RecordType
from tests.dns.support import ZONE, rec, scene
from tests.fakes.cloudflare import Threaded
from tests.fakes.cloudflare_lies import Liar, Lie

NAME = f"www.{ZONE}"


def change(action: Action, number: int, *, kind: str = "A", name: str = "") -> Change:
    record = rec(kind, name or f"h{number}.{ZONE}", "192.0.2.1" if kind == "A" else "mail.example.net")
    return Change(action, record, None if action is Action.CREATE else Existing(f"id{number}", record))


def plan_of(**counts: int) -> ZonePlan:
    """So many changes of each action, at names of their own."""
    changes = [change(Action(action), number) for action, many in counts.items() for number in range(many)]
    return ZonePlan(ZONE, "house", tuple(changes))


def refused(plan: ZonePlan, **leave: Any) -> bool:
    try:
        safety.refuse_unsafe([plan], **leave)
    except RefusedError:
        return True
    return False


# deletes, kept, --allow-deletes, refused
DELETES = [
    (1, 0, None, False), (9, 0, None, False), (10, 0, None, False), (11, 0, None, True), (30, 0, None, True),
    (10, 1000, None, False), (11, 25, None, True), (11, 26, None, False), (12, 27, None, True), (12, 28, None, False),
    (12, 29, None, False), (300, 699, None, True), (300, 700, None, False), (300, 701, None, False),
    (40, 0, 39, True), (40, 0, 40, False), (40, 0, 41, True), (40, 0, 1000, True), (40, 0, 0, True),
    (5, 100, 4, True), (5, 100, 5, False), (5, 100, 6, True), (0, 5, 0, False), (0, 5, 1, True),
]  # fmt: skip


def check_deletes() -> None:
    for deletes, kept, allowed, is_refused in DELETES:
        found = refused(plan_of(delete=deletes, keep=kept), allow_deletes=allowed)
        assert found is is_refused, (deletes, kept, allowed)
    # Records that are changed or stale are ours as well; those of others count for nothing.
    assert not refused(plan_of(delete=11, update=13, stale=13))
    assert refused(plan_of(delete=11, foreign=1000))


# new, deleted, room, refused
QUOTA = [
    (1, 0, 0, True), (0, 0, 0, False), (4, 0, 5, False), (5, 0, 5, False), (6, 0, 5, True),
    (7, 2, 5, False), (8, 2, 5, True), (1, 1, 0, False), (1, 1, -3, False), (2, 1, -3, True), (0, 3, -9, False),
    (1000, 0, None, False),
]  # fmt: skip


def check_quota() -> None:
    for new, deleted, room, is_refused in QUOTA:
        found = refused(plan_of(create=new, delete=deleted), room={} if room is None else {ZONE: room})
        assert found is is_refused, (new, deleted, room)


def check_apex() -> None:
    for kind, name, leave, is_refused in [
        ("MX", ZONE, {}, True), ("NS", ZONE, {}, True), ("A", ZONE, {}, False), ("TXT", ZONE, {}, False),
        ("MX", f"sub.{ZONE}", {}, False), ("NS", f"sub.{ZONE}", {}, False),
        ("MX", ZONE, {"allow_deletes": 1}, True), ("MX", ZONE, {"allow_apex": True}, False),
    ]:  # fmt: skip
        plan = ZonePlan(ZONE, "house", (change(Action.DELETE, 1, kind=kind, name=name),))
        assert refused(plan, **leave) is is_refused, (kind, name, leave)


LIMIT = 200


def check_owner_names() -> None:
    for length in (1, 31, 32):
        assert marker.owner_of("n" * length) == "n" * length
    for length in (33, 34, 64):
        cut = {marker.owner_of("n" * (length - 1) + end) for end in "abc"}
        assert len(cut) == 3, "two long names are one owner"
        assert {len(owner) for owner in cut} == {32}
    longest = marker.marker(marker.owner_of("n" * 64), Record(ZONE, f"{'x' * 200}.{ZONE}", RecordType.AAAA, "::1"))
    assert len(longest) == 58


def check_batches() -> None:
    def units(*sizes: int) -> list[Unit]:
        return [Unit(tuple(change(Action.CREATE, n) for n in range(size))) for size in sizes]

    for sizes, groups in [
        ([1] * 199, [199]), ([1] * 200, [200]), ([1] * 201, [200, 1]), ([1] * 400, [200, 200]), ([1] * 401, [200, 200, 1]),
        ([199, 1, 1], [200, 1]), ([199, 2], [199, 2]), ([200], [200]), ([2] * 101, [200, 2]),
    ]:  # fmt: skip
        assert [sum(len(unit.changes) for unit in group) for group in batches.chunks(units(*sizes), LIMIT)] == groups
    with pytest.raises(RefusedError, match="do not fit into one request"):
        list(batches.chunks(units(201), LIMIT))


def check_one_name_of_too_many_changes() -> None:
    """What fits into no request is found before the first one is sent, to whichever zone."""
    other, name = "example.org", "www.example.org"
    old = tuple(Record(other, name, RecordType.A, f"192.0.2.{number}") for number in range(201))
    with scene() as s:
        s.state.add_zone(other)
        first = s.task([rec("A", NAME, "192.0.2.1")])
        sync.sync([ZoneTask(s.provider, other, old)], Choices("house"), clock=s.clock)
        writes = s.writes()
        new = ZoneTask(s.provider, other, (Record(other, name, RecordType.CNAME, "edge.example.net"),))
        with pytest.raises(RefusedError, match="do not fit"):
            sync.sync([first, new], Choices("house"), clock=s.clock)
        assert s.writes() == writes


def check_adopting() -> None:
    """A name that is taken over gives its addresses; what else strangers keep there stays theirs."""
    theirs = {
        "TXT": rec("TXT", NAME, "theirs"), "MX": rec("MX", NAME, "theirs.example.net", priority=10),
        "CAA": rec("CAA", NAME, '0 issue "theirs.example.net"'),
    }  # fmt: skip
    wanted = {
        "TXT": rec("TXT", NAME, "ours"), "MX": rec("MX", NAME, "ours.example.net", priority=10),
        "CAA": rec("CAA", NAME, '0 issue "ours.example.net"'),
    }  # fmt: skip
    for kind, record in theirs.items():
        found = diff.diff(ZONE, [wanted[kind]], [Existing("id", record)], owner="house", adopt=[NAME], prune=True)
        assert [item.action for item in found.changes] == [Action.CREATE, Action.FOREIGN], kind
        found = diff.diff(ZONE, [rec("A", NAME, "192.0.2.1")], [Existing("id", record)], owner="house", adopt=[NAME])
        assert [item.action for item in found.changes] == [Action.CREATE, Action.FOREIGN], kind
    locked = Existing("id", rec("A", NAME, "192.0.2.9"), locked=True)
    found = diff.diff(ZONE, [rec("A", NAME, "192.0.2.1")], [locked], owner="house", adopt=[NAME])
    assert not found.writes


def check_what_comes_in_between() -> None:
    """The name is taken over as it was read: an address that comes after that was read by nobody."""
    with scene() as s:
        s.state.seed(s.zone, type="A", name=NAME, content="198.51.100.1")
        late: list[dict[str, Any]] = []

        def meddle(number: int, method: str) -> None:
            if method == "POST" and not late:
                late.append(s.state.seed(s.zone, type="AAAA", name=NAME, content="2001:db8::9"))

        s.state.before_request = meddle
        with pytest.raises(PartialError, match="changed by someone else in the meantime"):
            s.sync([rec("A", NAME, "192.0.2.1")], adopt=frozenset({NAME}))
        assert s.zone.records[late[0]["id"]]["content"] == "2001:db8::9"
        s.state.before_request = None
        s.sync([rec("A", NAME, "192.0.2.1")], adopt=frozenset({NAME}))
        assert s.held() == {("A", NAME, "192.0.2.1")}


def check_lost_marks_of_patched_records() -> None:
    """A record that is changed and loses its mark would be a stranger from here on: that ends the run."""

    def unmarked(state: Liar, body: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
        (zone,) = state.zones.values()
        for row in body["result"]["patches"]:
            row["comment"] = None
            zone.records[row["id"]] = {**zone.records[row["id"]], "comment": None}
        return body

    with Threaded(Liar()) as served, scene(served=served) as s:
        s.sync([rec("A", NAME, "192.0.2.1")])
        liar = Liar(zones=s.state.zones, oracle=s.state.oracle, lies=[Lie(unmarked)])
        served.state = liar
        with pytest.raises(PartialError, match=r"does not keep comments, .*1 of 1 changes made"):
            s.sync([rec("A", NAME, "192.0.2.2")])
        assert liar.count("POST") == 1


def adopt_any_type(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(diff, "POINTERS", tuple(RecordType))


def adopt_locked(patch: pytest.MonkeyPatch) -> None:
    whole = diff.diff

    def unlocked(zone: str, desired: list[Record], existing: list[Existing], **more: Any) -> ZonePlan:
        return whole(zone, desired, [Existing(e.id, e.record, e.comment) for e in existing], **more)

    patch.setattr(diff, "diff", unlocked)


def cut_names(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(marker, "owner_of", lambda project: project[:32])


def cut_names_late(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(marker, "MAX_OWNER", 33)


def no_apex_guard(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(safety, "_apex", lambda plan: [])


def apex_guard_of_all_names(patch: pytest.MonkeyPatch) -> None:
    whole = safety._apex
    patch.setattr(safety, "_apex", lambda plan: [*whole(plan), *(["?"] if plan.of(Action.DELETE) else [])])


def blank_cheque(patch: pytest.MonkeyPatch) -> None:
    whole = safety._too_many_deletes
    patch.setattr(safety, "_too_many_deletes", lambda plans, allowed: [] if allowed else whole(plans, allowed))


def at_most_so_many(patch: pytest.MonkeyPatch) -> None:
    """`--allow-deletes N` as an upper limit."""
    whole = safety._too_many_deletes

    def lenient(plans: list[ZonePlan], allowed: int | None) -> list[Any]:
        deletes = sum(len(safety.losses(plan)) for plan in plans)
        return [] if allowed is not None and deletes <= allowed else whole(plans, allowed)

    patch.setattr(safety, "_too_many_deletes", lenient)


def set_to(name: str, value: float) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(safety, name, value)


def no_quota(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(safety, "_over_quota", lambda plan, room: [])


def quota_by_one(by: int) -> Callable[[pytest.MonkeyPatch], None]:
    def plant(patch: pytest.MonkeyPatch) -> None:
        whole = safety._over_quota
        patch.setattr(safety, "_over_quota", lambda plan, room: whole(plan, None if room is None else room + by))

    return plant


def limit_of_a_batch(limit: int) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(batches, "chunks", lambda units, _limit: chunks(units, limit))


def found_too_late(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sync, "chunks", lambda units, limit: ())


def no_leave_needed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(meanwhile, "_needs_leave", lambda change, todo: False)


def marks_of_new_records_only(patch: pytest.MonkeyPatch) -> None:
    whole = apply.ZoneRun._check_marks

    def check(self: apply.ZoneRun, request: Any, applied: Any) -> None:
        if request.posts:
            whole(self, request, applied)

    patch.setattr(apply.ZoneRun, "_check_marks", check)


CHECKS = [
    check_deletes, check_quota, check_apex, check_owner_names, check_batches, check_one_name_of_too_many_changes,
    check_adopting, check_what_comes_in_between, check_lost_marks_of_patched_records,
]  # fmt: skip
PLANTED: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Callable[[], None]]] = {
    "an adopted name overwrites a foreign TXT, MX or CAA": (adopt_any_type, check_adopting),
    "an adopted name overwrites a locked record": (adopt_locked, check_adopting),
    "a long owner is cut without its hash": (cut_names, check_owner_names),
    "an owner may have 33 letters": (cut_names_late, check_owner_names),
    "the apex guard is gone": (no_apex_guard, check_apex),
    "the apex guard guards every name": (apex_guard_of_all_names, check_apex),
    "--allow-deletes is a blank cheque": (blank_cheque, check_deletes),
    "--allow-deletes is an upper limit": (at_most_so_many, check_deletes),
    "11 deletions are free": (set_to("FREE_DELETES", 11), check_deletes),
    "9 deletions are free": (set_to("FREE_DELETES", 9), check_deletes),
    "a larger share is free": (set_to("FREE_SHARE", 0.306), check_deletes),
    "a smaller share is free": (set_to("FREE_SHARE", 0.2999), check_deletes),
    "any share is free": (set_to("FREE_SHARE", 1.0), check_deletes),
    "the quota is not looked at": (no_quota, check_quota),
    "one record more than the quota": (quota_by_one(1), check_quota),
    "one record less than the quota": (quota_by_one(-1), check_quota),
    "201 changes in a batch": (limit_of_a_batch(201), check_batches),
    "199 changes in a batch": (limit_of_a_batch(199), check_batches),
    "what fits into no request is found too late": (found_too_late, check_one_name_of_too_many_changes),
    "a replan touches what nobody read": (no_leave_needed, check_what_comes_in_between),
    "a lost mark on a patched record": (marks_of_new_records_only, check_lost_marks_of_patched_records),
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
def test_the_net_holds(check: Callable[[], None]) -> None:
    check()


@pytest.mark.quick(8)
@pytest.mark.parametrize("fault", PLANTED)
def test_a_hole_in_it_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, check = PLANTED[fault]
    plant(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception, EdgegenError)):
        check()
