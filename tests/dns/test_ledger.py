"""What a folder knows as its own, step by step; and how an owner with random letters is made."""

from __future__ import annotations

import hashlib

import pytest

from edgegen.dns.ledger import Ledger, fingerprint
from edgegen.dns.marker import with_tail
from edgegen.dns.plan import Existing
from edgegen.dns.provider import Batch, Listing, Patch, Post
from edgegen.records import Record
from tests.dns.test_diff import MX10, W, have, rec

ONE, TWO, THREE = (rec("A", f"{name}.example.com", "192.0.2.1") for name in "abc")


def _print(record: Record) -> str:
    """The fingerprint, written down a second time."""
    priority = "" if record.priority is None else str(record.priority)
    text = "\0".join((record.type.value, record.name, record.content, priority))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


@pytest.mark.parametrize("record", [ONE, MX10, rec("TXT", W, "ünï"), rec("TXT", W, "half \ud83d a sign")])
def test_a_fingerprint_is_twenty_letters_of_a_hash(record: Record) -> None:
    assert fingerprint(record) == _print(record)
    assert len(fingerprint(record)) == 20


@pytest.mark.parametrize(
    "other",
    [rec("A", W, "192.0.2.2"), rec("TXT", W, "192.0.2.1"), rec("A", "x.example.com", "192.0.2.1")],
)
def test_what_differs_has_another_fingerprint(other: Record) -> None:
    assert fingerprint(other) != fingerprint(rec("A", W, "192.0.2.1"))
    assert fingerprint(rec("A", W, "192.0.2.1", 300)) == fingerprint(rec("A", W, "192.0.2.1"))


def test_what_is_about_to_be_written_is_known_beside_what_was() -> None:
    before = Ledger(frozenset({"old"}), frozenset({"print"}))
    request = Batch(("gone",), (Patch("id1", ONE, "c"),), (Post(TWO, "c"),))
    after = before.about_to_write(request)
    assert after.wrote == {"old", "id1"}
    assert after.met == {"print", _print(ONE), _print(TWO)}


def test_what_was_written_or_met_is_added() -> None:
    before = Ledger(frozenset({"old"}), frozenset({"print"}))
    items = [Existing("id1", ONE), Existing("id2", TWO)]
    assert before.with_written(items) == Ledger(frozenset({"old", "id1", "id2"}), frozenset({"print"}))
    assert before.with_met(items) == Ledger(frozenset({"old"}), frozenset({"print", _print(ONE), _print(TWO)}))


def test_what_is_gone_is_forgotten_but_not_what_came_since() -> None:
    before = Ledger(frozenset({"there", "gone"}), frozenset({_print(ONE), _print(TWO)}))
    now = Ledger(before.wrote | {"new"}, before.met | {_print(THREE)})
    listing = Listing((Existing("there", ONE),))
    assert now.settled(listing, before) == Ledger(frozenset({"there", "new"}), frozenset({_print(ONE), _print(THREE)}))
    assert before.settled(listing, Ledger()) == before  # all of it came since


@pytest.mark.parametrize(
    ("ledger", "known"),
    [
        (Ledger(), False),
        (Ledger(wrote=frozenset({"id1"})), True),
        (Ledger(wrote=frozenset({"id2"})), False),
        (Ledger(met=frozenset({_print(ONE)})), True),
        (Ledger(met=frozenset({_print(TWO)})), False),
        (Ledger(met=frozenset({"id1"})), False),
    ],
)
def test_a_record_is_known_by_its_id_or_by_what_it_says(ledger: Ledger, known: bool) -> None:
    assert ledger.knows(have(1, ONE)) is known


@pytest.mark.parametrize(
    ("project", "owner"),
    [
        ("a", "a-k3v9x2qa"),
        ("n" * 22, f"{'n' * 22}-k3v9x2qa"),
        ("n" * 23, f"{'n' * 23}-k3v9x2qa"),
        ("n" * 24, f"{'n' * 23}-k3v9x2qa"),
        ("n" * 63, f"{'n' * 23}-k3v9x2qa"),
        (f"{'n' * 22}-shop", f"{'n' * 22}-k3v9x2qa"),
        (f"{'n' * 20}---shop", f"{'n' * 20}-k3v9x2qa"),
        ("X-shop", "X-shop-k3v9x2qa"),
        (f"{'X' * 25}", f"{'X' * 23}-k3v9x2qa"),
    ],
)
def test_an_owner_with_random_letters_is_cut_to_32(project: str, owner: str) -> None:
    assert with_tail(project, "k3v9x2qa") == owner
    assert len(owner) <= 32
