"""A random declared record is refused with its line, or it is published as it was meant and a second sync is empty.

A sample of the lists of records is tried with each provider; 1,000 by `--proof`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from edgegen.core.errors import SpecError
from edgegen.desired.records import records
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.providers.zonefile import ZonefileProvider
from edgegen.dns.sync import sync
from edgegen.project.checked import checked, placed
from edgegen.records import Record
from edgegen.spec.load import load_text
from tests.dns import declared
from tests.dns.declared import HOSTILE, POSSIBLE, ZONE, Item, Sample, meant, read_back, sample
from tests.dns.support import scene
from tests.fakes.cloudflare import Cloudflare, Threaded
from tests.sizes import sized

EXAMPLES = sized(60, 1_000)
OWNER = "records-k3v9x2qa"
LISTS = st.one_of(
    st.lists(HOSTILE, min_size=1, max_size=1),
    st.lists(POSSIBLE, min_size=1, max_size=1),
    st.lists(POSSIBLE | HOSTILE, min_size=1, max_size=3),
)
SETTINGS = settings(
    max_examples=EXAMPLES,
)


def accepted(made: Sample) -> list[Record] | None:
    """The records of a spec; None where it is refused, which must name the place."""
    try:
        loaded = load_text(made.text.encode())
        checked(loaded)
    except SpecError as error:
        for problem in error.problems:
            assert problem.where is not None, problem
            assert problem.where.line in made.lines, f"{problem}\n{made.text}"
            assert problem.where.column > 1
            assert problem.message.isprintable()
        return None
    return placed(loaded, records(loaded.spec))


class Disk:
    """A zone file, and how often it was written."""

    def __init__(self) -> None:
        self.text: bytes | None = None
        self.writes = 0

    def sync(self, wanted: list[Record]) -> int:
        provider = ZonefileProvider(lambda _: self.text, self._write)
        return sync([ZoneTask(provider, ZONE, tuple(wanted))], Choices(OWNER)).made

    def _write(self, _: str, text: bytes) -> None:
        self.text = text
        self.writes += 1


def published_in_a_file(items: list[Item]) -> bool:
    """One list of records through a zone file. Whether it was accepted."""
    made = sample(items, "zonefile")
    wanted = accepted(made)
    if wanted is None:
        return False
    disk = Disk()
    assert disk.sync(wanted) > 0
    assert disk.text is not None
    expected = {*map(meant, made.items), ("www.example.com.", "A", bytes([203, 0, 113, 7]))}
    assert set(read_back(disk.text)) == expected, disk.text.decode()
    assert len(read_back(disk.text)) == len(expected)
    assert (disk.sync(wanted), disk.writes) == (0, 1)
    return True


@pytest.mark.slow
@SETTINGS
@given(LISTS)
def test_a_zone_file_says_what_was_declared(items: list[Item]) -> None:
    event(f"accepted: {published_in_a_file(items)}")


@pytest.fixture(scope="module")
def served() -> Iterator[Threaded]:
    with Threaded(Cloudflare()) as server:
        yield server


@pytest.mark.slow
@SETTINGS
@given(LISTS, st.sampled_from(["quoted", "bare"]))
def test_a_provider_that_spells_anew_is_in_step_after_one_sync(served: Threaded, items: list[Item], text: str) -> None:
    made = sample(items, "cloudflare")
    wanted = accepted(made)
    if wanted is None:
        return
    with scene(served=served, text=text) as s:
        s.owner = OWNER
        assert s.sync(wanted).made > 0
        kept = Counter((row["type"], row["name"]) for row in s.zone.records.values())
        names = [(kind, name.removesuffix(".")) for name, kind, _ in {meant(item) for item in made.items}]
        assert kept == Counter([("A", "www.example.com"), *names])
        writes = s.writes()
        assert s.sync(wanted).total == 0
        assert s.writes() == writes


@SETTINGS
@given(POSSIBLE)
def test_a_possible_record_is_taken(item: Item) -> None:
    """Not refused for safety's sake: alone beside the service, each of these can be published."""
    made = sample([item], "cloudflare")
    load_text(made.text.encode())


@pytest.mark.slow
def test_the_samples_hold_both_kinds() -> None:
    verdicts: Counter[bool] = Counter()

    @settings(SETTINGS, max_examples=100, derandomize=True)
    @given(HOSTILE)
    def one(item: Item) -> None:
        verdicts[accepted(sample([item], "zonefile")) is None] += 1

    one()
    assert verdicts[True] >= 30
    assert verdicts[False] >= 3


def test_a_writer_that_injects_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a record's content reaches the file as it stands, and nobody looks at it before."""
    evil = {"type": "MX", "name": "x", "priority": 1, "content": "mail.example.net.\nevil 60 IN A 192.0.2.66"}
    assert not published_in_a_file([evil])
    monkeypatch.setattr("edgegen.spec.record_content.check_content", lambda *_: None)
    monkeypatch.setattr("edgegen.spec.declared.check_content", lambda *_: None)
    with pytest.raises((AssertionError, SpecError, ValueError)):
        published_in_a_file([evil])


def test_what_is_meant_is_not_what_is_written_here() -> None:
    """The expectation knows a name without its zone from one with it."""
    wire = bytes([203, 0, 113, 7])
    for name in ("x", "x.example.com", "X.Example.com."):
        assert meant({"type": "A", "name": name, "content": "203.0.113.7"}) == ("x.example.com.", "A", wire)
    assert declared.meant({"type": "TXT", "name": "@", "content": '"a" "b"'})[2] == b"ab"
