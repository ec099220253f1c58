# ruff: noqa: E501  # tables: one case a line
"""What a plan says of each record, and that it speaks of the right one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from edgegen.core.errors import Problem, RefusedError
from edgegen.core.location import Location
from edgegen.dns.diff import diff
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.ledger import Ledger
from edgegen.dns.marker import ownership
from edgegen.dns.owning import own_plan
from edgegen.dns.plan import Action, Change, Existing, ZonePlan
from edgegen.dns.planning import plan
from edgegen.dns.provider import Listing, Other
from edgegen.dns.safety import losses, refuse_unsafe
from edgegen.records import Record
from tests.dns.test_diff import MX10, MX20, V6, ZONE, A, B, W, have, mark, rec, srv

UNKNOWN = (
    f"has this project's name but was not written from this folder (another project may have the same name): "
    f"if it is this project's, take it over with --adopt {W}"
)
FOREIGN, OTHER = {"ours": False}, {"comment": mark("A", W, "other")}
NAMED = {"named": "house"}
KNOWN = {**NAMED, "known": Ledger(wrote=frozenset({"id1"}))}
OLD = rec("A", W, B)
THEIRS = f"A {W} -> {B}"
LEFT = "not in the spec and not written from this folder: not changed"
TAKE = f"take it over with --adopt {W}, or remove it"
ONLY, GO = "a CNAME allows no other record at its name", "remove it, or put the name under `ignore`"
WAYS = f"delete it with --adopt {W}, add it to the spec, or put the name under `ignore`"

# wanted, there, options, (action, id of the record that it is about, reason) of each change
CASES = [
    ([rec("A", W, A)], [], {}, [("create", None, "")]),
    ([rec("A", W, A)], [have(1, rec("A", W, A))], {}, [("keep", "id1", "")]),
    ([rec("A", W, A)], [have(1, OLD)], {}, [("update", "id1", "")]),
    ([rec("A", W, A)], [have(1, OLD)], KNOWN, [("update", "id1", "")]),
    ([rec("A", W, A)], [have(1, OLD)], {**NAMED, "adopt": [W]}, [("update", "id1", "taken over")]),
    ([rec("A", W, A)], [have(1, OLD, **FOREIGN)], {"adopt": [W]}, [("update", "id1", "taken over")]),
    ([rec("A", W, A)], [have(1, rec("A", W, A), **FOREIGN)], {"adopt": [W]}, [("adopt", "id1", "taken over")]),
    ([rec("A", W, A, 300)], [have(1, rec("A", W, A), **FOREIGN)], {"adopt": [W]}, [("update", "id1", "taken over")]),
    ([rec("A", W, A)], [have(1, rec("A", W, A), **FOREIGN)], {}, [("foreign", "id1", f"already right, not managed: --adopt {W}")]),
    ([rec("A", W, A)], [have(1, OLD, **FOREIGN)], {}, [("conflict", "id1", f"{THEIRS} was not made by edgegen: {TAKE}"), ("foreign", "id1", "")]),
    ([rec("A", W, A)], [have(1, OLD, **OTHER)], {}, [("conflict", "id1", f"{THEIRS} was made by another edgegen project: {TAKE}"), ("foreign", "id1", "")]),
    ([rec("A", W, A)], [have(1, OLD, locked=True)], {}, [("conflict", "id1", f"{THEIRS} is locked by the provider"), ("foreign", "id1", "")]),
    ([rec("A", W, A)], [have(1, OLD)], NAMED, [("conflict", "id1", f"{THEIRS} {UNKNOWN}"), ("stale", "id1", LEFT)]),
    ([rec("A", W, A, 300)], [have(1, rec("A", W, A))], NAMED, [("conflict", "id1", f"A {W} -> {A} (ttl auto; wanted: ttl 300) {UNKNOWN}")]),
    ([rec("A", W, A)], [have(1, rec("A", W, A, proxied=True), **FOREIGN)], {}, [("conflict", "id1", f"A {W} -> {A} (ttl auto, proxied; wanted: ttl auto) was not made by edgegen: {TAKE}")]),
    ([rec("A", W, A)], [have(1, rec("A", W, A)), have(2, OLD, **FOREIGN)], {}, [("keep", "id1", ""), ("conflict", "id2", f"answers in addition to the wanted address and was not made by edgegen: {WAYS}")]),
    ([rec("A", W, A)], [have(1, rec("A", W, A)), have(2, OLD, **OTHER)], {}, [("keep", "id1", ""), ("conflict", "id2", f"answers in addition to the wanted address and was made by another edgegen project: {WAYS}")]),
    ([rec("A", W, A)], [have(1, rec("A", W, A)), have(2, OLD, locked=True)], {}, [("keep", "id1", ""), ("conflict", "id2", "answers in addition to the wanted address and is locked by the provider: remove it there, or add it to the spec")]),
    ([rec("A", W, A)], [have(1, rec("A", W, A)), have(2, OLD)], NAMED, [("keep", "id1", ""), ("conflict", "id2", f"answers in addition to the wanted address and {UNKNOWN}")]),
    ([rec("A", W, A)], [have(1, rec("A", W, A)), have(2, OLD, **FOREIGN)], {"adopt": [W]}, [("keep", "id1", ""), ("delete", "id2", "taken over: the spec does not have this address")]),
    ([rec("A", W, A)], [have(1, rec("CNAME", W, "x.example.net"))], {}, [("create", None, ""), ("delete", "id1", "another type of record takes its place")]),
    ([rec("CNAME", W, "x.example.net")], [have(1, rec("AAAA", W, V6))], {}, [("create", None, ""), ("delete", "id1", "another type of record takes its place")]),
    ([rec("CNAME", W, "x.example.net")], [have(1, rec("TXT", W, "hi"), **FOREIGN)], {"adopt": [W]}, [("conflict", "id1", f"TXT {W} -> hi was not made by edgegen, and {ONLY}: {GO}"), ("foreign", "id1", "")]),
    ([rec("CNAME", W, "x.example.net")], [have(1, rec("TXT", W, "hi"), **FOREIGN)], {}, [("conflict", "id1", f"TXT {W} -> hi was not made by edgegen, and {ONLY}: {GO}"), ("foreign", "id1", "")]),
    ([rec("CNAME", W, "x.example.net")], [have(1, OLD, **FOREIGN)], {}, [("conflict", "id1", f"{THEIRS} was not made by edgegen: {TAKE}"), ("foreign", "id1", "")]),
    ([rec("TXT", W, "hi")], [have(1, rec("CNAME", W, "x.example.net"), **FOREIGN)], {}, [("conflict", "id1", f"CNAME {W} -> x.example.net was not made by edgegen: {TAKE}"), ("foreign", "id1", "")]),
    ([rec("CNAME", W, "x.example.net")], [have(1, rec("CNAME", W, "x.example.net", proxied=True)), have(2, rec("TXT", W, "hi"), **FOREIGN)], {}, [("conflict", "id2", f"TXT {W} -> hi was not made by edgegen, and {ONLY}: {GO}"), ("foreign", "id2", "")]),
    ([rec("TXT", f"_acme-challenge.{ZONE}", "x")], [], {}, [("conflict", None, "names of ACME challenges are reserved for Traefik")]),
    ([rec("TXT", f"_acme-challenge.deep.{ZONE}", "x")], [], {}, [("conflict", None, "names of ACME challenges are reserved for Traefik")]),
    ([rec("TXT", f"deep._acme-challenge.{ZONE}", "x")], [], {}, [("create", None, "")]),
    ([], [have(1, OLD)], {}, [("stale", "id1", "no longer in the spec: --prune deletes it")]),
    ([], [have(1, OLD)], {"prune": True}, [("delete", "id1", "no longer in the spec")]),
    ([], [have(1, OLD)], NAMED, [("stale", "id1", LEFT)]),
    ([], [have(1, OLD)], {**NAMED, "prune": True}, [("conflict", "id1", UNKNOWN)]),
    ([], [have(1, OLD)], {**KNOWN, "prune": True}, [("delete", "id1", "no longer in the spec")]),
    ([], [have(1, OLD, comment=mark("A", W) + "x")], {"prune": True}, [("suspect", "id1", "its mark was changed: no longer managed")]),
    ([], [have(1, OLD, **FOREIGN)], {"prune": True}, [("foreign", "id1", "")]),
    ([], [have(1, MX10)], {"prune": True}, [("stale", "id1", "no longer in the spec; MX of the zone itself stays: --allow-apex deletes it")]),
    ([], [have(1, rec("NS", ZONE, "ns.example.net"))], {}, [("stale", "id1", "no longer in the spec; NS of the zone itself stays: --allow-apex deletes it")]),
    ([], [have(1, MX10)], {"allow_apex": True}, [("delete", "id1", "no longer in the spec")]),
    ([MX10], [have(2, MX10), have(1, MX10)], {}, [("keep", "id1", ""), ("delete", "id2", "exists twice")]),
    ([MX20], [have(1, MX10)], {}, [("update", "id1", "")]),
    ([srv(0)], [have(1, srv(5), **FOREIGN)], {}, [("conflict", "id1", f"SRV _imaps._tcp.{ZONE} -> 1 993 mail.example.net (ttl auto, priority 5; wanted: ttl auto, priority 0) was not made by edgegen: take it over with --adopt _imaps._tcp.{ZONE}, or remove it")]),
]  # fmt: skip


@pytest.mark.parametrize(("desired", "existing", "options", "changes"), CASES)
def test_a_plan_says(
    desired: Sequence[Record], existing: Sequence[Existing], options: dict, changes: list[tuple[str, str | None, str]]
) -> None:
    made = diff(ZONE, desired, existing, owner="house", **options).changes
    found = [(change.action.value, change.existing.id if change.existing else None, change.reason) for change in made]
    assert found == changes
    about = {item.id: item.record for item in existing}
    for change in made:
        assert change.record in desired or (change.existing and change.record == about[change.existing.id])


def test_of_two_that_are_one_the_earliest_stays() -> None:
    records = [Existing(f"id{n}", MX10, mark("MX", ZONE), created=when) for n, when in ((1, "2024"), (2, "2023"))]
    for existing in (records, records[::-1]):
        changes = diff(ZONE, [MX10], existing, owner="house").changes
        assert [(change.action.value, change.existing.id) for change in changes if change.existing] == [
            ("keep", "id2"),
            ("delete", "id1"),
        ]


NEW = "house-k3v9x2qa"
OWN = [
    (have(1, OLD, comment=mark("A", W, NEW)), "keep", ""),
    (have(1, OLD, locked=True), "stale", "is locked by the provider"),
    (have(1, rec("A", W, A)), "adopt", "gets the new owner"),
    (have(1, OLD), "conflict", UNKNOWN),
    (have(1, rec("TXT", W, "hi")), "stale", UNKNOWN),
    (have(1, rec("A", W, A), **FOREIGN), None, ""),
]


@pytest.mark.parametrize(("item", "action", "reason"), OWN)
def test_a_plan_for_a_new_owner_says(item: Existing, action: str | None, reason: str) -> None:
    task = ZoneTask(None, ZONE, (rec("A", W, A),))  # type: ignore[arg-type]  # nobody is asked
    made = own_plan(task, Listing((item,)), Choices(NEW, "house"), Ledger())
    assert (made.zone, made.owner) == (ZONE, NEW)
    assert made.changes == ((Change(Action(action), item.record, item, reason),) if action else ())


def test_a_cname_beside_a_record_that_is_not_compared() -> None:
    wanted = (rec("CNAME", W, "x.example.net"), rec("CNAME", f"b.{ZONE}", "x.example.net"), rec("A", f"c.{ZONE}", A))
    there = Listing((), (Other("o1", "LOC", W), Other("o2", "HTTPS", f"c.{ZONE}"), Other("o3", "LOC", f"d.{ZONE}")))
    made = plan(ZoneTask(None, ZONE, wanted), there, Choices("house"))  # type: ignore[arg-type]  # nobody is asked
    assert [change.action.value for change in made.changes] == ["create"] * 3 + ["conflict"]
    assert made.changes[-1] == Change(Action.CONFLICT, wanted[0], None, f"LOC {W} exists, and {ONLY}: {GO}")


def test_a_proxied_cname_beside_a_record_that_is_not_compared() -> None:
    """Nobody sees the CNAME, until it leaves the proxy."""
    hidden, seen = (rec("CNAME", W, "x.example.net", proxied=proxied) for proxied in (True, False))
    beside = (Other("o1", "HTTPS", W),)
    for wanted, there, actions in (
        (hidden, (), ["create"]),
        (hidden, (have(1, hidden),), ["keep"]),
        (hidden, (have(1, seen),), ["update"]),
        (seen, (have(1, seen),), ["keep"]),
        (seen, (have(1, hidden),), ["update", "conflict"]),
    ):
        task = ZoneTask(None, ZONE, (wanted,))  # type: ignore[arg-type]  # nobody is asked
        made = plan(task, Listing(there, beside), Choices("house"))
        assert [change.action.value for change in made.changes] == actions


def _delete(number: int, record: Record) -> Change:
    return Change(Action.DELETE, record, have(number, record))


def test_every_refusal_is_told_at_once_and_word_for_word() -> None:
    at = Location("edge.yaml", 3, 5)
    wanted = Record(ZONE, W, rec("A", W, A).type, A, 1, where=at)
    first = ZonePlan(
        ZONE, "house",
        (Change(Action.CONFLICT, wanted, None, "why"), _delete(1, MX10), Change(Action.CREATE, wanted), Change(Action.CREATE, wanted)),
    )  # fmt: skip
    second = ZonePlan("example.org", "house", tuple(_delete(n, rec("A", f"h{n}.{ZONE}", A)) for n in range(30)))
    with pytest.raises(RefusedError) as refused:
        refuse_unsafe([first, second], room={ZONE: 0, "example.org": 0})
    assert refused.value.problems == [
        Problem(f"A {W} -> {A}: why", at, path=ZONE),
        Problem(f"MX of {ZONE} itself would be deleted", path=ZONE, hint="if you intend this: --allow-apex"),
        Problem("1 more records than now, but the zone's plan only has room for 0", path=ZONE),
        Problem("31 of 31 owned records would be deleted", hint="if you intend this: --allow-deletes 31"),
    ]
    with pytest.raises(RefusedError) as refused:
        refuse_unsafe([second], allow_deletes=29)
    assert refused.value.problems == [Problem("--allow-deletes 29 was given, but 30 records would be deleted")]


CNAME = rec("CNAME", W, "x.example.net")


@pytest.mark.parametrize(
    ("made", "deleted", "lost"),
    [
        ([], rec("A", W, A), True),
        ([CNAME], rec("A", W, A), False),
        ([rec("A", W, A)], CNAME, False),
        ([rec("TXT", W, "hi")], CNAME, False),
        ([rec("A", W, A)], rec("AAAA", W, V6), True),
        ([rec("A", W, A)], rec("A", W, B), True),
        ([CNAME], rec("A", f"x.{ZONE}", A), True),
        ([CNAME], rec("CNAME", W, "y.example.net"), True),
    ],
)
def test_a_record_that_gives_way_to_another_type_at_its_name_is_no_loss(
    made: list[Record], deleted: Record, lost: bool
) -> None:
    gone = _delete(1, deleted)
    plan = ZonePlan(ZONE, "house", (*(Change(Action.CREATE, record) for record in made), gone))
    assert losses(plan) == ([gone] if lost else [])


@pytest.mark.parametrize(
    ("comment", "whose"),
    [
        (None, "foreign"), ("", "foreign"), ("my old server", "foreign"), ("made by edgegen", "foreign"),
        ("edgegen;", "suspect"), ("EdgeGen ;v1", "suspect"), ("x edgegen;v1", "suspect"),
        (mark("A", W), "owned"), (mark("A", W, "other"), "other"), (mark("A", W, "o" * 32), "other"),
        (mark("A", W, "o" * 33), "suspect"), (mark("A", W, "Other"), "suspect"), (mark("A", ZONE, "other"), "suspect"),
        (mark("TXT", W), "suspect"), (mark("A", W) + " ", "suspect"), (" " + mark("A", W), "suspect"),
    ],
)  # fmt: skip
def test_whose_a_record_is_by_its_comment(comment: str | None, whose: str) -> None:
    assert ownership(comment, "house", rec("A", W, A)).value == whose
