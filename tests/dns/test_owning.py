"""Which records get another owner's mark, case by case; and how long an owner may be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import pytest

from edgegen.core.errors import SpecError
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.ledger import Ledger
from edgegen.dns.marker import Ownership, marker, owner_of, ownership
from edgegen.dns.owning import own_plan
from edgegen.dns.plan import Existing
from edgegen.dns.provider import Listing
from edgegen.records import Record
from edgegen.spec.load import load_text
from tests.dns.support import ZONE, rec
from tests.dns.test_diff import have, mark

NEW, W = "house-k3v9x2qa", f"www.{ZONE}"
HERE, ELSEWHERE = rec("A", W, "192.0.2.1"), rec("A", W, "192.0.2.9")
KNOWN = Ledger(wrote=frozenset({"id1"}))

CASES = [
    ("as it is wanted", [HERE], have(1, HERE), {}, "adopt"),
    ("as it is wanted, but for its ttl", [rec("A", W, "192.0.2.1", 300)], have(1, HERE), {}, "adopt"),
    ("wanted otherwise, known", [HERE], have(1, ELSEWHERE), {"known": KNOWN}, "adopt"),
    ("wanted otherwise, unknown", [HERE], have(1, ELSEWHERE), {}, "conflict"),
    ("wanted otherwise, taken along", [HERE], have(1, ELSEWHERE), {"adopt": frozenset({W})}, "adopt"),
    ("the other family, unknown", [HERE], have(1, rec("AAAA", W, "2001:db8::1")), {}, "conflict"),
    ("a cname, unknown", [HERE], have(1, rec("CNAME", W, "x.example.net")), {}, "conflict"),
    ("beside a wanted cname, unknown", [rec("CNAME", W, "x.example.net")], have(1, rec("TXT", W, "x")), {}, "conflict"),
    ("a text beside it, unknown", [HERE], have(1, rec("TXT", W, "x")), {}, "stale"),
    ("not wanted, known", [], have(1, HERE), {"known": KNOWN}, "adopt"),
    ("not wanted, unknown", [], have(1, HERE), {}, "stale"),
    ("not wanted, taken along", [], have(1, HERE), {"adopt": frozenset({W})}, "adopt"),
    ("locked", [HERE], have(1, HERE, locked=True), {"known": KNOWN}, "stale"),
    ("marked already", [HERE], have(1, HERE, comment=mark("A", W, NEW)), {}, "keep"),
    ("marked already, not wanted", [], have(1, HERE, comment=mark("A", W, NEW)), {}, "keep"),
    ("of another project", [HERE], have(1, HERE, comment=mark("A", W, "other")), {"known": KNOWN}, None),
    ("unmarked", [HERE], have(1, HERE, ours=False), {"known": KNOWN}, None),
    ("unmarked, taken along", [HERE], have(1, HERE, ours=False), {"adopt": frozenset({W})}, None),
    ("a spoilt mark", [HERE], have(1, HERE, comment=mark("A", W) + "x"), {"known": KNOWN}, None),
    ("the mark of another name", [HERE], have(1, HERE, comment=mark("A", ZONE)), {"known": KNOWN}, None),
    ("an ignored name", [HERE], have(1, HERE), {"ignore": ("www.*",)}, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("desired", "item", "options", "action"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_plan(desired: Sequence[Record], item: Existing, options: dict, action: str | None) -> None:
    known, ignore = options.get("known", Ledger()), options.get("ignore", ())
    options = {name: value for name, value in options.items() if name not in ("known", "ignore")}
    task = ZoneTask(None, ZONE, tuple(desired), ignore)
    plan = own_plan(task, Listing((item,)), Choices(NEW, "house", **options), known)
    assert [change.action.value for change in plan.changes] == ([action] if action else [])
    assert all(change.record == item.record for change in plan.writes)
    assert plan.owner == NEW


@pytest.mark.parametrize(("length", "fits"), [(0, False), (1, True), (31, True), (32, True), (33, False), (63, False)])
def test_an_owner_has_1_to_32_letters(length: int, *, fits: bool) -> None:
    owner = ("k3v9x2qa-" * 8)[:length]
    text = f'name: a\ndns: {{owner: "{owner}"}}\n'.encode()
    if fits:
        assert load_text(text).spec.dns.owner == owner
    else:
        with pytest.raises(SpecError, match=r"edge\.yaml:2:14"):
            load_text(text)
    whose = ownership(f"edgegen;v1;o={owner};k={mark('A', W)[-10:]}", "house", rec("A", W, "192.0.2.1"))
    assert whose is (Ownership.OTHER if fits else Ownership.SUSPECT)


@pytest.mark.parametrize("owner", ["House", "a_b", "a.b", "a b", "ü", "a;k=1", "a\\n", "1.5 "])
def test_an_owner_has_no_other_letters(owner: str) -> None:
    with pytest.raises(SpecError):
        load_text(f'name: a\ndns: {{owner: "{owner}"}}\n'.encode())


@pytest.mark.parametrize("length", range(1, 64))
def test_a_name_as_an_owner_is_cut_and_told_apart_by_its_hash(length: int) -> None:
    name = ("commenthouse-" * 5)[:length].rstrip("-") or "c"
    owner = owner_of(name)
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    assert owner == (name if len(name) <= 32 else f"{name[:23]}-{digest}")
    assert re.fullmatch(r"[a-z0-9-]{1,32}", owner)
    assert len(marker(owner, rec("AAAA", "x" * 253, "2001:db8::1"))) <= 71
    assert len(name) <= 32 or owner_of(f"{name[:-1]}{'x' if name[-1] != 'x' else 'y'}") != owner
