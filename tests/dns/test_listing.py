"""One zone, found and listed: which questions are asked, and which list is believed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from edgegen.core.errors import Problem, SpecError
from edgegen.core.location import Location
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.last_seen import BEGUN
from edgegen.dns.ledger import Ledger
from edgegen.dns.plan import Existing, ZonePlan
from edgegen.dns.planning import found as find
from edgegen.dns.planning import is_ignored, list_whole, look_at, spelled, wanted
from edgegen.dns.provider import ErrorKind, Listing, Other, ProviderError, Zone
from edgegen.records import Record
from tests.dns.test_diff import ZONE, W, have, rec

ITEM = have(1, rec("A", W, "192.0.2.1"))
EMPTY, FULL, ODD = (
    Listing(()),
    Listing((ITEM, have(2, rec("A", f"x.{ZONE}", "192.0.2.1")))),
    Listing((), (Other("o", "LOC", W),)),
)
AT = Zone("z1", ZONE)


class Lists:
    """A provider that lists what it is told to, and notes what it is asked."""

    def __init__(self, *answers: Listing, status: str = "active") -> None:
        self.answers = list(answers)
        self.asked: list[object] = []
        self.zone = Zone("z1", ZONE, status)

    def find_zone(self, name: str, zone_id: str | None = None) -> Zone:
        self.asked.append((name, zone_id))
        return self.zone

    def list_zone(self, zone: Zone) -> Listing:
        self.asked.append(zone.id)
        return self.answers.pop(0)


class Known:
    """What was seen of zones."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.remembered: list[tuple[str, int]] = []

    def seen(self, zone_id: str) -> int:
        assert zone_id == "z1"
        return self.number

    def remember(self, zone_id: str, records: int) -> None:
        self.remembered.append((zone_id, records))


def _task(provider: Lists, *records: Record, ignore: Sequence[str] = (), zone_id: str | None = None) -> ZoneTask:
    return ZoneTask(provider, "Example.COM.", records, tuple(ignore), zone_id)  # type: ignore[arg-type]  # it lists


WAITS = "its records don't answer until the domain's registrar names the provider's name servers"


@pytest.mark.parametrize(
    ("seen", "answers", "expected", "remembered"),
    [
        (0, [EMPTY], EMPTY, [0]),
        (0, [FULL], FULL, [2]),
        (5, [FULL], FULL, [2]),
        (5, [ODD], ODD, [1]),
        (1, [EMPTY], None, []),
        (5, [EMPTY, FULL], None, []),  # what was seen to be full is not asked twice: it is refused
        (BEGUN, [EMPTY, FULL], FULL, [2]),
        (BEGUN, [EMPTY, EMPTY], EMPTY, []),
        (BEGUN, [FULL], FULL, [2]),
        (BEGUN, [ODD, EMPTY], ODD, [1]),
    ],
)
def test_an_empty_list_is_believed_only_where_nothing_was(
    seen: int, answers: list[Listing], expected: Listing | None, remembered: list[int]
) -> None:
    provider, known = Lists(*answers), Known(seen)
    if expected is None:
        with pytest.raises(ProviderError) as told:
            list_whole(_task(provider), AT, Choices("house"), known)  # type: ignore[arg-type]  # it remembers
        assert told.value.failure is ErrorKind.UNSURE
        assert told.value.problems == [
            Problem(
                f"{ZONE}: incomplete listing: no records, but {seen} when it was last seen",
                hint="if the zone really is empty now: `edgegen dns sync --accept-empty-zone`",
            )
        ]
        assert provider.asked == ["z1"]
    else:
        assert list_whole(_task(provider), AT, Choices("house"), known) is expected  # type: ignore[arg-type]
    assert known.remembered == [("z1", number) for number in remembered]


def test_an_empty_list_is_believed_by_the_users_word() -> None:
    known = Known(5)
    found = list_whole(_task(Lists(EMPTY)), AT, Choices("house", accept_empty_zone=True), known)  # type: ignore[arg-type]
    assert found is EMPTY
    assert known.remembered == [("z1", 0)]


class Ledgers:
    """The state of zones: notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def open(self, zone_id: str, *, has_synced: bool) -> None:
        self.asked.append((zone_id, has_synced))

    def take_over(self, zone_id: str, listing: Listing) -> None:
        self.asked.append((zone_id, listing))

    def of(self, zone_id: str) -> Ledger:
        return Ledger(wrote=frozenset({zone_id}))


class Notes:
    def __init__(self, seen: int, *locked: str) -> None:
        self.seen, self.ledgers, self.locked = Known(seen), Ledgers(), frozenset(locked)


@pytest.mark.parametrize(
    ("status", "warnings"),
    [
        ("active", ()),
        ("pending", (f"{ZONE} is pending at the provider: {WAITS}",)),
        ("moved", (f"{ZONE} is moved at the provider: {WAITS}",)),
        ("deactivated", (f"{ZONE} is deactivated at the provider: its records may not answer",)),
    ],
)
@pytest.mark.parametrize(
    ("notes", "has_synced"),
    [
        (Notes(2, "Example.COM."), True),
        (Notes(0, "Example.COM."), False),
        (Notes(BEGUN, "Example.COM."), True),
        (Notes(2, "example.org"), False),
    ],
)
def test_a_zone_is_found_by_its_name_and_its_id(
    status: str, warnings: tuple[str, ...], notes: Notes, has_synced: bool
) -> None:
    notes.ledgers.asked.clear()
    provider, steps, planned = Lists(FULL, status=status), [], []
    task = _task(provider, ITEM.record, zone_id="id-of-zone")
    choices = Choices("house")
    result = ZonePlan(ZONE, "house", ())

    def planner(*given: object) -> ZonePlan:
        planned.append(given)
        return result

    (at,) = find([task], steps.append)
    task = at[0]
    found = look_at(at, choices, notes, steps.append, planner)  # type: ignore[arg-type]  # they note
    assert provider.asked == [(ZONE, "id-of-zone"), "z1"]
    assert steps == ["looking for Example.COM.", f"reading {ZONE}"]
    assert planned == [(task, FULL, choices, Ledger(wrote=frozenset({"z1"})))]
    assert notes.ledgers.asked == [("z1", has_synced), ("z1", FULL)]
    assert (found.task, found.zone, found.listing, found.plan) == (task, provider.zone, FULL, result)
    assert found.warnings == warnings


def test_the_plan_is_that_of_the_list() -> None:
    task = _task(Lists(FULL), ITEM.record)
    found = look_at((task, AT), Choices("house"), Notes(2))  # type: ignore[arg-type]  # they note
    assert [change.action.value for change in found.plan.changes] == ["keep", "stale"]


def test_a_record_that_can_not_exist_is_found_before_the_first_request() -> None:
    provider = Lists()
    at = [Location("edge.yaml", line, 1) for line in (1, 2)]
    records = [Record(ZONE, W, rec("A", W, "x").type, content, where=where) for content, where in zip("xy", at)]  # noqa: B905
    with pytest.raises(SpecError) as told:
        find([_task(Lists()), _task(provider, *records)])
    assert [(problem.where, problem.path) for problem in told.value.problems] == [(where, f"A {W}") for where in at]
    assert provider.asked == []


def test_each_record_is_wanted_once_in_its_one_spelling() -> None:
    written = [rec("A", "WWW.Example.com.", "192.0.2.1"), rec("A", W, "192.0.2.1", 300), rec("A", W, "192.0.2.2")]
    assert spelled(written) == [rec("A", W, "192.0.2.1"), rec("A", W, "192.0.2.2")]


@pytest.mark.parametrize(
    ("name", "ignore", "ignored"),
    [
        (W, (), False),
        (W, ("www.*",), True),
        (W, ("WWW.Example.com.",), True),
        ("WWW.example.COM.", ("www.example.com",), True),
        (W, ("example.com",), False),
        (W, ("x.*", "*.com"), True),
        (W, ("ww?.example.com",), True),
        (W, ("w.example.com",), False),
    ],
)
def test_an_ignored_name_is_neither_wanted_nor_seen(name: str, ignore: tuple[str, ...], ignored: bool) -> None:
    task = _task(Lists(), rec("A", name, "192.0.2.1"), ignore=ignore)
    assert is_ignored(task, name) is ignored
    assert [record.name for record in wanted(task)] == ([] if ignored else [W])


DELEGATED = f"lab.{ZONE} is delegated to ns1.example.net, which answers for "
NO_EFFECT = ": records here have no effect"
NS = rec("NS", f"lab.{ZONE}", "ns1.example.net")
BELOW, DEEPER = rec("A", f"x.lab.{ZONE}", "192.0.2.1"), rec("A", f"a.b.lab.{ZONE}", "192.0.2.1")


@pytest.mark.parametrize(
    ("desired", "there", "warnings"),
    [
        ([rec("A", f"lab.{ZONE}", "192.0.2.1")], [NS], (f"{DELEGATED}lab.{ZONE}{NO_EFFECT}",)),
        ([BELOW, DEEPER, rec("A", f"collab.{ZONE}", "192.0.2.1")], [NS],
         (f"{DELEGATED}a.b.lab.{ZONE} and 1 more{NO_EFFECT}",)),
        ([NS, BELOW], [], (f"{DELEGATED}x.lab.{ZONE}{NO_EFFECT}",)),
        ([NS], [], ()),
        ([BELOW], [rec("NS", ZONE, "ns1.example.net")], ()),
        ([rec("A", f"ns.lab.{ZONE}", "192.0.2.1"), rec("NS", f"lab.{ZONE}", f"ns.lab.{ZONE}")], [], ()),
        ([BELOW], [rec("A", f"lab.{ZONE}", "192.0.2.1")], ()),
    ],
)  # fmt: skip
def test_names_that_other_servers_answer_for(
    desired: list[Record], there: list[Record], warnings: tuple[str, ...]
) -> None:
    """A record there would be written, and nobody would ever see it. The addresses of the servers themselves count."""
    listing = Listing(tuple(Existing(f"id{index}", record) for index, record in enumerate(there)))
    (at,) = find([_task(Lists(listing), *desired)])
    found = look_at(at, Choices("house"), Notes(0), planner=lambda *_: ZonePlan(ZONE, "house"))  # type: ignore[arg-type]
    assert found.warnings == warnings
