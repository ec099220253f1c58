"""One zone's run from outside: what it says while it goes on, and the whole sentence with which it ends early."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from edgegen.core.errors import EdgegenError, OutsideError, PartialError
from edgegen.core.secret import Secret
from edgegen.dns.jobs import Choices, Progress, Surroundings
from edgegen.dns.providers.cloudflare import Cloudflare as Provider
from edgegen.dns.sync import sync
from edgegen.records import Record
from tests.dns.support import ZONE, FakeClock, Scene, rec
from tests.fakes.cloudflare import TOKEN, Threaded
from tests.fakes.cloudflare_faults import Fault
from tests.fakes.cloudflare_lies import Liar, Lie

HOSTS = [rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(3)]
MOVED = [rec("A", record.name, "192.0.2.2") for record in HOSTS]
SRV = rec("SRV", f"_imaps._tcp.{ZONE}", "1 993 mail.example.net", priority=0)


@pytest.fixture(scope="module")
def served() -> Iterator[Threaded]:
    with Threaded(Liar()) as one:
        yield one


@pytest.fixture
def s(served: Threaded) -> Iterator[Scene]:
    state = served.state = Liar()
    clock = FakeClock(state)
    provider = Provider(Secret(TOKEN), clock, served.url)
    yield Scene(state, state.add_zone(ZONE), clock, provider)
    provider.close()


def steps(s: Scene, want: Sequence[Record], **choices: Any) -> tuple[list[str], EdgegenError | None]:
    """What a run says before each request about records, with the count made before it; and the error that ends it."""
    seen: list[Progress] = []
    try:
        sync([s.task(want)], Choices(s.owner, s.named, **choices), Surroundings(progress=seen.append), clock=s.clock)
    except EdgegenError as error:
        return [f"{item.made}/{item.total} {item.doing}" for item in seen], error
    return [f"{item.made}/{item.total} {item.doing}" for item in seen], None


def test_a_run_that_has_nothing_to_tell(s: Scene) -> None:
    said, error = steps(s, HOSTS)
    assert error is None
    assert said[-2:] == [f"0/3 writing 3 changes to {ZONE}", f"3/3 reading {ZONE} again"]
    assert s.clock.slept == []
    said, error = steps(s, HOSTS)
    assert (error, [line for line in said if "writing" in line or "again" in line]) == (None, [])


def test_what_is_confirmed_and_never_listed(s: Scene) -> None:
    assert isinstance(s.state, Liar)
    s.state.lag = -1
    said, error = steps(s, HOSTS)
    assert isinstance(error, PartialError)
    what = "the provider confirmed changes that it does not list yet (3)"
    assert str(error) == f"{ZONE}: {what}; 3 of 3 changes made: run again"
    assert s.clock.slept == [1.0, 2.0, 4.0]
    assert [line for line in said if "again" in line] == [f"3/3 reading {ZONE} again"] * 4
    assert s.writes() == 1


def test_what_is_listed_after_a_pause(s: Scene) -> None:
    assert isinstance(s.state, Liar)
    s.state.seed(s.zone, type="A", name=f"theirs.{ZONE}", content="198.51.100.1")
    for lag, slept in ((1, [1.0]), (2, [1.0, 2.0]), (3, [1.0, 2.0, 4.0])):
        s.state.lag, s.clock.slept[:] = lag, []
        _, error = steps(s, [rec("A", f"lag{lag}.{ZONE}", "192.0.2.1")])
        assert (error, s.clock.slept) == (None, slept)


def test_the_pauses_are_used_once_in_a_run(s: Scene) -> None:
    assert isinstance(s.state, Liar)
    s.state.lag = 2
    many = [rec("A", f"m{number}.{ZONE}", "192.0.2.1", 30 if number == 3 else 300) for number in range(4)]
    _, error = steps(s, many, keep_going=True)
    assert isinstance(error, PartialError)
    assert s.clock.slept.count(1.0) <= 1
    assert s.clock.slept.count(2.0) <= 1


def test_records_that_lost_their_mark_are_removed_again(s: Scene) -> None:
    s.zone.comments = False
    said, error = steps(s, HOSTS)
    assert isinstance(error, OutsideError)
    what = f"{ZONE} does not keep comments, and edgegen can't manage records safely without its mark"
    assert str(error) == f"{what}; 3 records were created without it and removed again"
    assert said[-2:] == [f"0/3 writing 3 changes to {ZONE}", "3/3 removing 3 records again"]
    assert s.held() == set()


def test_a_record_that_somebody_changed_meanwhile_is_not_removed(s: Scene) -> None:
    """Ours were made without a mark; what is no longer what we made is somebody's."""
    s.zone.comments = False

    def meddle(number: int, method: str) -> None:
        rows = list(s.zone.records.values())
        if method == "GET" and len(rows) == 3:
            s.state.before_request = None
            s.zone.records[rows[1]["id"]] = {**rows[1], "content": "203.0.113.9"}

    s.state.before_request = meddle
    _, error = steps(s, HOSTS)
    assert isinstance(error, PartialError)
    assert "1 of 3 changes made: run again" in str(error)
    assert s.held() == {("A", HOSTS[1].name, "203.0.113.9")}


def test_a_refused_record_is_named_with_what_was_to_be_done(s: Scene) -> None:
    steps(s, HOSTS)
    bad = [*HOSTS[:2], rec("A", HOSTS[2].name, "192.0.2.1", 30)]
    _, error = steps(s, bad)
    assert error is not None
    assert str(error).startswith(f"update A {HOSTS[2].name}: Cloudflare answered 400 without success: 9021 ")
    assert str(error).endswith("; no change is visible in the listing")
    _, error = steps(s, [*HOSTS, rec("A", f"a.{ZONE}", "192.0.2.1", 30), rec("A", f"b.{ZONE}", "192.0.2.1")])
    assert str(error).startswith(f"create A a.{ZONE}: ")
    assert error is not None
    assert (error.exit_code, str(error).rpartition("; ")[2]) == (4, "no change is visible in the listing")
    _, error = steps(s, [*HOSTS, rec("A", f"b.{ZONE}", "192.0.2.1"), rec("A", f"c.{ZONE}", "192.0.2.1", 30)])
    assert error is not None
    assert (error.exit_code, str(error).rpartition("; ")[2]) == (5, "1 of 2 changes made: run again")


def test_a_refusal_after_which_nothing_is_listed_leaves_the_doubt(s: Scene) -> None:
    bad = [rec("A", f"b{number}.{ZONE}", "192.0.2.1", 30) for number in range(2)]
    steps(s, HOSTS)
    s.state.faults = [Fault("null", nth=3, method="GET", path="/dns_records", times=9)]
    _, error = steps(s, [*HOSTS, *bad])
    assert str(error).startswith(f"create A b0.{ZONE}: Cloudflare answered 400 ")
    assert str(error).endswith("; 0 of 2 changes made, the last request may have made more: run again")


def test_all_changes_of_a_refused_name_are_named(s: Scene) -> None:
    steps(s, HOSTS)
    _, error = steps(s, [*HOSTS[:2], rec("CNAME", HOSTS[2].name, "x.example.net", 30)])
    assert str(error).startswith(f"create CNAME {HOSTS[2].name}, delete A {HOSTS[2].name}: ")
    assert len(s.held()) == 3


def test_without_keep_going_the_first_refusal_ends_it(s: Scene) -> None:
    bad = [rec("A", f"b{number}.{ZONE}", "192.0.2.1", 30) for number in range(2)]
    _, error = steps(s, [*bad, *HOSTS])
    assert error is not None
    assert f"b0.{ZONE}" in str(error)
    first = s.writes()
    _, error = steps(s, [*bad, *HOSTS], keep_going=True)
    assert isinstance(error, PartialError)
    assert "3 of 5 changes made" in str(error)
    assert {name for _, name, _ in s.held()} == {record.name for record in HOSTS}
    assert s.writes() > first


def test_a_change_that_never_stays(s: Scene) -> None:
    """Somebody else writes theirs after each of our writes: three rounds, then the run gives up."""
    steps(s, HOSTS)

    def meddle(number: int, method: str) -> None:
        for key, row in list(s.zone.records.items()):
            if method == "GET" and row["name"] == HOSTS[0].name and row["content"] == "192.0.2.2":
                s.zone.records[key] = {**row, "content": f"198.51.100.{number % 250}"}

    s.state.before_request = meddle
    writes = s.writes()
    _, error = steps(s, [MOVED[0], *HOSTS[1:]])
    assert isinstance(error, PartialError)
    assert f"{ZONE}: A {HOSTS[0].name} still differs after it was written; " in str(error)
    assert s.writes() - writes == 3


def test_who_changed_what_meanwhile_is_a_warning(s: Scene) -> None:
    steps(s, HOSTS)
    more = [rec("A", f"m{number}.{ZONE}", "192.0.2.1") for number in range(6)]
    steps(s, [*HOSTS, *more])

    def meddle(number: int, method: str) -> None:
        if method == "POST":
            s.state.before_request = None
            for key, row in list(s.zone.records.items()):
                if row["name"].startswith("m"):
                    s.zone.records[key] = {**row, "content": "203.0.113.9"}

    s.state.before_request = meddle
    told = s.sync([*MOVED, *more])
    names = ", ".join(f"m{number}.{ZONE}" for number in range(5))
    assert list(told.warnings) == [f"{ZONE}: changed by someone else during the run ({names}): written again"]
    assert {content for _, name, content in s.held() if name.startswith("m")} == {"192.0.2.1"}


def test_an_answer_that_is_lost_after_the_write(s: Scene) -> None:
    s.state.faults = [Fault("rst", phase="after", method="POST")]
    _, error = steps(s, HOSTS)
    assert (error, s.writes(), s.clock.slept[:1]) == (None, 1, [1.0])


def test_a_lost_answer_and_a_list_that_lags_send_nothing_twice(s: Scene) -> None:
    assert isinstance(s.state, Liar)
    s.state.seed(s.zone, type="A", name=f"theirs.{ZONE}", content="198.51.100.1")
    s.state.faults, s.state.lag = [Fault("rst", phase="after", method="POST")], 1
    _, error = steps(s, [SRV])
    assert (error, s.writes(), s.clock.slept) == (None, 1, [1.0, 1.0])


def test_after_progress_the_waits_begin_anew(s: Scene) -> None:
    s.state.faults = [Fault("rst", nth=2, times=2, method="POST")]
    many = [rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(201)]
    _, error = steps(s, many)
    assert (error, s.writes(), s.clock.slept) == (None, 4, [1.0, 1.0])


def test_without_progress_the_waits_grow(s: Scene) -> None:
    s.state.faults = [Fault("rst", nth=1, times=2, method="POST")]
    _, error = steps(s, HOSTS)
    assert (error, s.writes(), s.clock.slept) == (None, 3, [1.0, 2.0])


def test_an_answer_that_names_a_record_of_an_earlier_list_is_not_believed(s: Scene) -> None:
    """It was somebody's, and is gone since: what is new has a number that nobody has ever seen."""
    s.state.seed(s.zone, type="A", name=f"stays.{ZONE}", content="198.51.100.1")
    theirs = s.state.seed(s.zone, type="A", name=f"theirs.{ZONE}", content="198.51.100.1")

    def take_away(number: int, method: str) -> None:
        if method == "POST":
            s.zone.records.pop(theirs["id"], None)

    def name_it(state: Liar, body: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
        if not body["result"]:
            return body
        first, *rest = body["result"]["posts"]
        return {**body, "result": {**body["result"], "posts": [{**first, "id": theirs["id"]}, *rest]}}

    assert isinstance(s.state, Liar)
    s.state.before_request, s.state.lies = take_away, [Lie(name_it)]
    s.state.faults = [Fault("rst", phase="before", method="POST")]
    _, error = steps(s, HOSTS)
    assert (error, s.writes(), s.clock.slept) == (None, 2, [1.0, 2.0])


def test_a_service_that_may_stand_twice_is_not_sent_again(s: Scene) -> None:
    s.state.faults = [Fault("rst", phase="before", method="POST")]
    _, error = steps(s, [SRV])
    assert isinstance(error, PartialError)
    assert str(error).endswith("; 0 of 1 changes made, the last request may have made more: run again")
    assert s.writes() == 1


def test_what_confirms_something_else_is_not_believed(s: Scene) -> None:
    def another(state: Liar, body: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
        posts = [{**row, "content": "198.51.100.9"} for row in body["result"]["posts"]]
        return {**body, "result": {**body["result"], "posts": posts}}

    assert isinstance(s.state, Liar)
    s.state.lies = [Lie(another, times=1)]
    said, error = steps(s, HOSTS)
    assert error is None
    assert s.clock.slept == [1.0]
    assert said[-1] == f"0/3 reading {ZONE} again"
    assert s.writes() == 1
