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


W, A, B, V6 = "www.example.com", "192.0.2.1", "192.0.2.9", "2001:db8::1"
MX10, MX20 = (rec("MX", ZONE, "a.example.net", priority=number) for number in (10, 20))


def srv(priority: int) -> Record:
    return rec("SRV", f"_imaps._tcp.{ZONE}", "1 993 mail.example.net", priority=priority)


PROXIED = rec("CNAME", W, "x.example.net", proxied=True)
DIRECT = rec("CNAME", W, "x.example.net")
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
    ("a foreign aaaa", [rec("A", W, A)], [have(1, rec("AAAA", W, V6), ours=False)], {}, ["conflict", "foreign"]),
    ("a foreign aaaa beside ours", [rec("A", W, A)], [have(1, rec("A", W, A)), have(2, rec("AAAA", W, V6), ours=False)], {}, ["keep", "conflict"]),
    ("a foreign a beside our aaaa", [rec("AAAA", W, V6)], [have(1, rec("AAAA", W, V6)), have(2, rec("A", W, A), ours=False)], {}, ["keep", "conflict"]),
    ("a second a beside ours", [rec("A", W, A)], [have(1, rec("A", W, A)), have(2, rec("A", W, B), ours=False)], {}, ["keep", "conflict"]),
    ("a second a beside one that is right", [rec("A", W, A)], [have(1, rec("A", W, A), ours=False), have(2, rec("A", W, B), ours=False)], {}, ["foreign", "conflict"]),
    ("an address with a changed mark beside ours", [rec("A", W, A)], [have(1, rec("A", W, A)), have(2, rec("A", W, B), comment="edgegen;v1;x")], {}, ["keep", "conflict"]),
    ("another project's address beside ours", [rec("A", W, A)], [have(1, rec("A", W, A)), have(2, rec("A", W, B), comment=mark("A", W, "other"))], {}, ["keep", "conflict"]),
    ("an address at another name", [rec("A", W, A)], [have(1, rec("A", W, A)), have(2, rec("A", "x.example.com", B), ours=False)], {}, ["keep", "foreign"]),
    ("an address where only a txt is wanted", [rec("TXT", W, "hi")], [have(1, rec("A", W, B), ours=False)], {}, ["create", "foreign"]),
    ("a second address that is wanted", [rec("A", W, A), rec("A", W, B)], [have(1, rec("A", W, A)), have(2, rec("A", W, B), ours=False)], {}, ["keep", "foreign"]),
    ("a second address, taken over", [rec("A", W, A)], [have(1, rec("A", W, A)), have(2, rec("A", W, B), ours=False)], {"adopt": [W]}, ["keep", "delete"]),
    ("the other family, taken over", [rec("A", W, A)], [have(1, rec("A", W, A)), have(2, rec("AAAA", W, V6), ours=False)], {"adopt": [W]}, ["keep", "delete"]),
    ("the other family and none of ours, taken over", [rec("A", W, A)], [have(2, rec("AAAA", W, V6), ours=False)], {"adopt": [W]}, ["create", "delete"]),
    ("locked, beside ours, taken over", [rec("A", W, A)], [have(1, rec("A", W, A)), have(2, rec("A", W, B), ours=False, locked=True)], {"adopt": [W]}, ["keep", "conflict"]),
    ("our old address beside the wanted one", [rec("A", W, A)], [have(1, rec("A", W, A)), have(2, rec("A", W, B))], {}, ["keep", "stale"]),
    ("a foreign txt at an adopted name", [rec("A", W, A)], [have(1, rec("TXT", W, "hi"), ours=False)], {"adopt": [W]}, ["create", "foreign"]),
    ("another foreign txt at an adopted name", [rec("TXT", W, "mine")], [have(1, rec("TXT", W, "hi"), ours=False)], {"adopt": [W]}, ["create", "foreign"]),
    ("another foreign mx at an adopted name", [MX10], [have(1, rec("MX", ZONE, "b.example.net", priority=10), ours=False)], {"adopt": [ZONE]}, ["create", "foreign"]),
    ("one mx of two priorities", [MX10, MX20], [], {}, ["create", "create"]),
    ("one mx of two priorities, kept", [MX10, MX20], [have(1, MX20), have(2, MX10)], {}, ["keep", "keep"]),
    ("one mx gets a second priority", [MX10, MX20], [have(1, MX20)], {}, ["keep", "create"]),
    ("one mx gets another priority", [MX20], [have(1, MX10)], {}, ["update"]),
    ("a foreign mx of another priority", [MX20], [have(1, MX10, ours=False)], {}, ["conflict"]),
    ("a foreign mx of another priority, taken over", [MX20], [have(1, MX10, ours=False)], {"adopt": [ZONE]}, ["update"]),
    ("a twin of ours goes", [srv(0)], [have(2, srv(0)), have(1, srv(0))], {}, ["keep", "delete"]),
    ("a stranger's twin stays", [srv(0)], [have(1, srv(0)), have(2, srv(0), ours=False)], {}, ["keep", "foreign"]),
    ("one srv of two priorities", [srv(0), srv(5)], [have(1, srv(5))], {}, ["keep", "create"]),
    ("one ca with two tags", [rec("CAA", ZONE, '0 issue "x.org"'), rec("CAA", ZONE, '0 issuewild "x.org"')], [have(1, rec("CAA", ZONE, '0 issuewild "x.org"'))], {}, ["keep", "create"]),
    ("the zone's mx, no longer wanted", [], [have(1, MX10)], {"prune": True}, ["stale"]),
    ("the zone's ns, no longer wanted", [], [have(1, rec("NS", ZONE, "ns.example.net"))], {"prune": True}, ["stale"]),
    ("the zone's mx, allowed to go", [], [have(1, MX10)], {"allow_apex": True}, ["delete"]),
    ("a stranger's mx at the apex", [], [have(1, MX10, ours=False)], {"prune": True, "allow_apex": True}, ["foreign"]),
    ("the zone's txt", [], [have(1, rec("TXT", ZONE, "hi"))], {"prune": True}, ["delete"]),
    ("the mx of a name below", [], [have(1, rec("MX", W, "m.example.net", priority=1))], {"prune": True}, ["delete"]),
    ("cname over a foreign txt", [rec("CNAME", W, "x.example.net")], [have(1, rec("TXT", W, "hi"), ours=False)], {}, ["conflict", "foreign"]),
    ("a proxied cname beside a foreign txt", [PROXIED], [have(1, rec("TXT", W, "hi"), ours=False)], {}, ["create", "foreign"]),
    ("a proxied cname beside a foreign address", [PROXIED], [have(1, rec("A", W, B), ours=False)], {}, ["conflict", "foreign"]),
    ("a proxied cname beside our own txt", [PROXIED, rec("TXT", W, "hi")], [have(1, rec("TXT", W, "hi"))], {}, ["keep", "create"]),
    ("a txt beside a foreign proxied cname", [rec("TXT", W, "hi")], [have(1, PROXIED, ours=False)], {}, ["create", "foreign"]),
    ("a txt beside a foreign cname", [rec("TXT", W, "hi")], [have(1, DIRECT, ours=False)], {}, ["conflict", "foreign"]),
    ("an address beside a foreign proxied cname", [rec("A", W, A)], [have(1, PROXIED, ours=False)], {}, ["conflict", "foreign"]),
    ("our proxied cname beside our new txt", [rec("TXT", W, "hi")], [have(1, PROXIED)], {}, ["create", "stale"]),
    ("our cname beside our new txt", [rec("TXT", W, "hi")], [have(1, DIRECT)], {}, ["create", "delete"]),
    ("a cname leaves the proxy beside a foreign mx", [DIRECT], [have(1, PROXIED), have(2, rec("MX", W, "m.example.net", priority=1), ours=False)], {}, ["conflict", "foreign"]),
    ("a cname leaves the proxy alone", [DIRECT], [have(1, PROXIED)], {}, ["update"]),
    ("a cname enters the proxy beside a foreign mx", [PROXIED], [have(1, DIRECT), have(2, rec("MX", W, "m.example.net", priority=1), ours=False)], {}, ["update", "foreign"]),
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
    ("more than is wanted at a name taken over", [rec("A", W, A)], [have(1, rec("A", W, A), ours=False), have(2, rec("A", W, "192.0.2.9"), ours=False)], {"adopt": [W]}, ["adopt", "delete"]),
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
