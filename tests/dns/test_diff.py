# ruff: noqa: E501  # a table: one case a line
"""The plan of one zone, case by case: what is made, kept, changed, refused, and what is never touched."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest

from edgegen.dns.diff import diff
from edgegen.dns.plan import Action, Existing
from edgegen.records import Record, RecordType

ZONE = "example.com"


def mark(kind: str, name: str, owner: str = "house") -> str:
    """The mark, written down a second time: the judge shares no code with the judged."""
    return f"edgegen;v1;o={owner};k={hashlib.sha256(f'{kind}{chr(0)}{name}'.encode()).hexdigest()[:10]}"


def rec(
    kind: str, name: str, content: str, ttl: int = 1, *, proxied: bool = False, priority: int | None = None
) -> Record:
    return Record(ZONE, name, RecordType(kind), content, ttl, proxied, priority)


def have(
    number: int, record: Record, *, ours: bool = True, comment: str | None = None, locked: bool = False
) -> Existing:
    text = comment if comment is not None else mark(record.type.value, record.name) if ours else None
    return Existing(f"id{number}", record, text, locked)


W, A = "www.example.com", "192.0.2.1"

CASES = [
    ("new", [rec("A", W, A)], [], {}, ["create"]),
    ("kept", [rec("A", W, A)], [have(1, rec("A", W, A))], {}, ["keep"]),
    ("other address", [rec("A", W, A)], [have(1, rec("A", W, "192.0.2.9"))], {}, ["update"]),
    ("other ttl", [rec("A", W, A, 300)], [have(1, rec("A", W, A))], {}, ["update"]),
    ("foreign address", [rec("A", W, A)], [have(1, rec("A", W, "192.0.2.9"), ours=False)], {}, ["conflict", "foreign"]),
    ("taken over", [rec("A", W, A)], [have(1, rec("A", W, "192.0.2.9"), ours=False)], {"adopt": [W]}, ["update"]),
    ("right, not ours", [rec("A", W, A)], [have(1, rec("A", W, A), ours=False)], {}, ["foreign"]),
    ("right, taken over", [rec("A", W, A)], [have(1, rec("A", W, A), ours=False)], {"adopt": [W]}, ["adopt"]),
    ("foreign cname", [rec("A", W, A)], [have(1, rec("CNAME", W, "x.example.net"), ours=False)], {}, ["conflict", "foreign"]),
    ("a foreign txt is no hindrance", [rec("A", W, A)], [have(1, rec("TXT", W, "hi"), ours=False)], {}, ["create", "foreign"]),
    ("a foreign aaaa is no hindrance", [rec("A", W, A)], [have(1, rec("AAAA", W, "2001:db8::1"), ours=False)], {}, ["create", "foreign"]),
    ("cname over a foreign txt", [rec("CNAME", W, "x.example.net")], [have(1, rec("TXT", W, "hi"), ours=False)], {}, ["conflict", "foreign"]),
    ("type change of our own", [rec("A", W, A)], [have(1, rec("CNAME", W, "x.example.net"))], {}, ["create", "delete"]),
    ("type change back", [rec("CNAME", W, "x.example.net")], [have(1, rec("A", W, A))], {}, ["create", "delete"]),
    ("type change by taking over", [rec("A", W, A)], [have(1, rec("CNAME", W, "x.example.net"), ours=False)], {"adopt": [W]}, ["create", "delete"]),
    ("no longer wanted", [], [have(1, rec("A", W, A))], {}, ["stale"]),
    ("pruned", [], [have(1, rec("A", W, A))], {"prune": True}, ["delete"]),
    ("a stranger is never pruned", [], [have(1, rec("A", W, A), ours=False)], {"prune": True}, ["foreign"]),
    ("another project's mark", [], [have(1, rec("A", W, A), comment=mark("A", W, "other"))], {"prune": True}, ["foreign"]),
    ("mark in capitals", [], [have(1, rec("A", W, A), comment=mark("A", W).upper())], {"prune": True}, ["suspect"]),
    ("mark with a tail", [], [have(1, rec("A", W, A), comment=mark("A", W) + " x")], {"prune": True}, ["suspect"]),
    ("mark of another name", [], [have(1, rec("A", W, A), comment=mark("A", "b.example.com"))], {"prune": True}, ["suspect"]),
    ("mark of another type", [], [have(1, rec("A", W, A), comment=mark("TXT", W))], {"prune": True}, ["suspect"]),
    ("locked, though marked", [rec("A", W, A)], [have(1, rec("A", W, "192.0.2.9"), locked=True)], {"adopt": [W]}, ["conflict", "foreign"]),
    ("two addresses", [rec("A", W, A), rec("A", W, "192.0.2.2")], [have(1, rec("A", W, "192.0.2.2")), have(2, rec("A", W, "192.0.2.9"))], {}, ["keep", "update"]),
    ("a second mx beside a foreign one", [rec("MX", ZONE, "a.example.net", priority=10)], [have(1, rec("MX", ZONE, "b.example.net", priority=10), ours=False)], {}, ["create", "foreign"]),
    ("a challenge is never ours", [rec("TXT", "_acme-challenge.example.com", "x")], [], {}, ["conflict"]),
    ("more than is wanted at a name taken over", [rec("A", W, A)], [have(1, rec("A", W, A), ours=False), have(2, rec("A", W, "192.0.2.9"), ours=False)], {"adopt": [W]}, ["adopt", "conflict"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("desired", "existing", "options", "actions"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_plan(desired: Sequence[Record], existing: Sequence[Existing], options: dict, actions: list[str]) -> None:
    plan = diff(ZONE, desired, existing, owner="house", **options)
    assert [change.action.value for change in plan.changes] == actions


def test_nothing_is_written_to_what_is_not_ours() -> None:
    everything = [have(n, rec("A", f"h{n}.example.com", A), ours=n % 2 == 0) for n in range(40)]
    plan = diff(ZONE, [], everything, owner="house", prune=True)
    touched = {change.existing.id for change in plan.writes if change.existing}
    assert touched == {f"id{n}" for n in range(0, 40, 2)}
    assert all(change.action is Action.DELETE for change in plan.writes)
