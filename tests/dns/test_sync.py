"""The sync loop against the fake: the mission, every fault of the table with its exit code, and every record case."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import EdgegenError, PartialError, RefusedError
from edgegen.dns.jobs import Choices, Progress, Surroundings
from edgegen.dns.plan import Action, digest
from edgegen.records import Record
from edgegen.system.stop import Interrupted, Stop
from tests.dns.support import ZONE, Scene, rec, scene
from tests.fakes.cloudflare_faults import Fault

WANT = [rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(12)]
SRV = rec("SRV", f"_imaps._tcp.{ZONE}", f"1 993 mail.{ZONE}", priority=0)


def exit_of(act: Callable[[], Any]) -> int:
    try:
        act()
    except EdgegenError as error:
        assert str(error)
        return error.exit_code
    return 0


def settles(s: Scene, want: list[Record], **choices: Any) -> None:
    """I3: clean runs converge, the one after writes nothing; nothing forbidden was ever done."""
    s.state.faults.clear()
    s.state.before_request = None
    for _ in range(3):
        if exit_of(lambda: s.sync(want, **choices)) == 0:
            break
    writes = s.writes()
    assert s.sync(want, **choices).total == 0
    assert s.writes() == writes
    assert s.state.oracle.wrong == []


def test_the_mission() -> None:
    """A zone with an address made by hand: conflict, then taken over, then nothing left to do."""
    with scene() as s:
        s.state.seed(s.zone, type="A", name=ZONE, content="34.102.136.180")
        want = [rec("A", ZONE, "157.245.51.137")]
        plan = s.plan(want).plan
        assert [c.action for c in plan.changes] == [Action.CONFLICT, Action.FOREIGN]
        assert "34.102.136.180 was not made by edgegen: take it over with --adopt example.com" in plan.changes[0].reason
        assert exit_of(lambda: s.sync(want)) == 3
        assert s.writes() == 0
        before = s.state.count()
        assert s.sync(want, adopt=frozenset({ZONE})).made == 1
        assert s.held() == {("A", ZONE, "157.245.51.137")}
        assert s.state.count() - before == 4  # the zone, its list, one batch, the list again
        before = s.state.count()
        assert s.sync(want).total == 0
        assert s.state.count() - before == 2
        assert s.writes() == 1
        assert s.state.oracle.wrong == []


def status(number: int, **more: Any) -> Fault:
    return Fault("status", status=number, **more)


# name, faults, exit code; W is the first write, L the first list
W: dict[str, Any] = {"method": "POST"}
L: dict[str, Any] = {"path": "/dns_records", "method": "GET"}
SERVER_ERRORS = (500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526)
BROKEN = ("rst", "fin", "json", "html", "gzip")
TABLE: list[tuple[str, list[Fault], int]] = [
    ("429 on a list", [status(429, headers={"Retry-After": "120"}, **L)], 0),
    ("429 on a write", [status(429, headers={"Retry-After": "300"}, **W)], 0),
    ("429 without a time", [status(429, **W)], 0),
    ("429 for ever on lists", [status(429, nth=0, **L)], 4),
    ("429 for ever on writes", [status(429, nth=0, **W)], 4),
    *((f"{code} on a list", [status(code, **L)], 0) for code in SERVER_ERRORS),
    *((f"{code} before a write", [status(code, **W)], 0) for code in SERVER_ERRORS),
    *((f"{code} after a write", [status(code, phase="after", **W)], 0) for code in SERVER_ERRORS),
    ("503 for ever on lists", [status(503, nth=0, **L)], 4),
    ("503 for ever before writes", [status(503, nth=0, **W)], 4),
    ("503 for ever after writes", [status(503, nth=0, phase="after", **W)], 0),
    *((f"{kind} on a list", [Fault(kind, **L)], 0) for kind in BROKEN),
    *((f"{kind} for ever on lists", [Fault(kind, nth=0, **L)], 4) for kind in (*BROKEN, "redirect")),
    *((f"{kind} before a write", [Fault(kind, **W)], 0) for kind in (*BROKEN, "null", "redirect")),
    *((f"{kind} after a write", [Fault(kind, phase="after", **W)], 0) for kind in (*BROKEN, "half", "null")),
    *((f"{kind} for ever before writes", [Fault(kind, nth=0, **W)], 4) for kind in (*BROKEN, "null")),
    ("half a list", [Fault("half", phase="after", **L)], 0),
    ("no success on a list", [Fault("null", **L)], 4),
    ("a short list", [Fault("short", phase="after", **L)], 4),
    ("a short list after the write", [Fault("short", phase="after", nth=2, **L)], 5),
    ("no success on the last list", [Fault("null", nth=2, **L)], 5),
    ("token refused", [status(401, code=1000, nth=0)], 4),
    ("token may not", [status(403, code=10000, nth=0, **W)], 4),
    ("unauthorised", [status(403, code=9109, nth=0)], 4),
    ("403 without a body", [status(403, nth=0)], 4),
    ("a refusal that passes", [status(400, code=81058, **W)], 0),
]  # fmt: skip


@pytest.mark.quick(30)
@pytest.mark.parametrize(("faults", "code"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_fault(faults: list[Fault], code: int, tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        s.state.seed(s.zone, type="A", name=f"theirs.{ZONE}", content="198.51.100.1")
        s.state.faults = [Fault(**{**vars(fault), "seen": 0}) for fault in faults]
        want = [*WANT, SRV]
        assert exit_of(lambda: s.sync(want)) == code
        if code == 4:
            assert len(s.held()) == 1, "nothing was to be changed"
        settles(s, want)
        assert len(s.held()) == 14


def test_retry_after_is_waited_for_in_full() -> None:
    with scene() as s:
        s.state.faults = [
            status(429, headers={"Retry-After": "120"}, **L),
            status(429, headers={"Retry-After": "999"}, **W),
        ]
        s.sync(WANT)
        assert s.clock.slept == [120.0, 310.0]


def test_a_budget_near_its_end_waits_before_the_next_batch() -> None:
    with scene() as s:
        s.state.faults = [Fault("headers", headers={"Ratelimit": '"default";r=5;t=200'}, **L)]
        s.sync(WANT)
        assert s.clock.slept == [200.0]


@pytest.mark.slow
def test_a_second_batch_that_fails_says_how_far_it_came() -> None:
    want = [rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(460)]
    with scene() as s:
        s.state.faults = [status(503, nth=2, times=99, **W)]
        with pytest.raises(PartialError, match="200 of 460 changes made"):
            s.sync(want)
        s.state.faults.clear()
        result = s.sync(want)
        assert (result.total, result.made) == (260, 260)


@pytest.mark.slow
def test_one_bad_record_is_named() -> None:
    bad = rec("A", f"bad.{ZONE}", "192.0.2.1", 30)  # a ttl that only a check of the API's refuses
    want = [*(rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(199)), bad]
    with scene() as s:
        with pytest.raises(PartialError, match=rf"create A bad\.{ZONE}.*9021"):
            s.sync(want)
        assert s.writes() <= 10  # all, eight halves, the last one alone
    with scene() as s:
        assert exit_of(lambda: s.sync([bad])) == 4
        assert s.held() == set()
    with scene() as s:
        with pytest.raises(PartialError, match=rf"bad\.{ZONE}.*199 of 200"):
            s.sync(want, keep_going=True)
        assert len(s.held()) == 199


@pytest.mark.parametrize("place", range(8))
def test_a_bad_record_is_found_by_halves(place: int) -> None:
    """All eight are refused, then three halves are tried, and one more request: the rest, or the last one alone."""
    want = [rec("A", f"h{number}.{ZONE}", "192.0.2.1", 30 if number == place else 300) for number in range(8)]
    with scene() as s:
        with pytest.raises(PartialError, match=rf"create A h{place}\.{ZONE}"):
            s.sync(want, keep_going=True)
        assert (s.writes(), len(s.held())) == (5, 7)


def test_an_empty_list_where_there_were_records_is_not_believed(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        s.sync([SRV])
        s.state.faults = [Fault("empty", phase="after", nth=0, **L)]
        assert exit_of(lambda: s.sync([SRV])) == 4
        settles(s, [SRV])
        s.zone.records.clear()
        assert exit_of(lambda: s.sync([SRV])) == 4
        assert s.sync([SRV], accept_empty_zone=True).made == 1


def test_an_empty_list_after_a_crash_is_looked_at_twice(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        s.state.faults = [Fault("rst", phase="after", **W), Fault("null", nth=2, **L)]
        assert exit_of(lambda: s.sync([SRV])) == 5
        s.state.faults = [Fault("empty", phase="after", **L)]
        s.sync([SRV])
        settles(s, [SRV])
        assert len(s.zone.records) == 1


def test_limits_are_known_before_the_first_write() -> None:
    with scene(plan="free") as s:
        want = [rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(201)]
        assert exit_of(lambda: s.sync(want)) == 3
        assert s.writes() == 0
        assert s.sync(want[:200]).made == 200


def test_a_conflict_in_one_zone_stops_all() -> None:
    with scene() as s:
        other = s.state.add_zone("example.org")
        s.state.seed(other, type="A", name="example.org", content="198.51.100.1")
        theirs = s.task([Record("example.org", "example.org", WANT[0].type, "192.0.2.1")])
        tasks = [s.task(WANT), type(theirs)(s.provider, "example.org", theirs.records)]
        from edgegen.dns.sync import sync

        with pytest.raises(RefusedError):
            sync(tasks, Choices("house"), clock=s.clock)
        assert s.writes() == 0


def test_deletions_need_leave() -> None:
    with scene() as s:
        s.sync([rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(30)])
        writes = s.writes()
        assert s.sync([]).total == 0
        with pytest.raises(RefusedError) as refusal:
            s.sync([], prune=True)
        assert refusal.value.problems[0].hint == "if you intend this: --allow-deletes 30"
        assert exit_of(lambda: s.sync([], prune=True, allow_deletes=29)) == 3
        assert s.writes() == writes
        s.state.oracle.must_answer.clear()
        assert s.sync([], prune=True, allow_deletes=30).made == 30
        assert s.held() == set()
        assert s.state.oracle.wrong == []


def test_a_stale_plan_is_refused() -> None:
    with scene() as s:
        approved = digest([s.plan(WANT).plan])
        s.state.seed(s.zone, type="A", name=f"h99.{ZONE}", content="192.0.2.1")
        assert s.sync(WANT, approved=approved).made == 12
        assert exit_of(lambda: s.sync(WANT, approved=approved)) == 3


def test_a_provider_that_drops_comments_keeps_nothing() -> None:
    with scene(comments=False) as s:
        assert exit_of(lambda: s.sync(WANT)) == 4
        assert s.held() == set()
        assert not [line for line in s.state.oracle.wrong if not line.startswith("I4")]


def test_a_locked_record_is_a_conflict() -> None:
    with scene() as s:
        s.state.seed(s.zone, type="A", name=f"h1.{ZONE}", content="198.51.100.1", meta={"read_only": True})
        assert exit_of(lambda: s.sync(WANT, adopt=frozenset({f"h1.{ZONE}"}))) == 3
        assert s.writes() == 0


def test_the_same_without_a_mark_is_left_alone_until_taken_over() -> None:
    with scene() as s:
        seeded = s.state.seed(s.zone, type="A", name=f"h1.{ZONE}", content="192.0.2.1", tags=["a:b"])
        want = [rec("A", f"h1.{ZONE}", "192.0.2.1")]
        assert s.sync(want).total == 0
        assert s.sync(want, adopt=frozenset({f"h1.{ZONE}"})).made == 1
        assert s.zone.records[seeded["id"]]["tags"] == ["a:b"]
        assert s.sync(want).total == 0


def test_a_type_change_is_one_batch() -> None:
    with scene() as s:
        s.sync(WANT)
        changed = [rec("CNAME", record.name, "edge.example.net") for record in WANT]
        s.sync(changed)
        s.sync(WANT)
        assert s.writes() == 3
        assert s.state.oracle.wrong == []


def test_creates_come_before_deletes() -> None:
    """A name's answer moves by two batches: at no instant is it gone."""
    with scene() as s:
        s.sync([rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(150)])
        want = [
            *(rec("A", f"n{number}.{ZONE}", "192.0.2.1") for number in range(250)),
            *(rec("AAAA", f"h{number}.{ZONE}", "2001:db8::1") for number in range(150)),
        ]
        s.sync(want, prune=True, allow_deletes=150)
        assert s.state.oracle.wrong == []
        assert len(s.held()) == 400


def test_somebody_edits_in_between() -> None:
    with scene() as s:
        s.sync(WANT)

        def meddle(number: int, method: str) -> None:
            if method == "POST":
                s.state.before_request = None
                row = next(row for row in s.zone.records.values() if row["name"] == f"h3.{ZONE}")
                s.zone.records[row["id"]] = {**row, "content": "203.0.113.9"}

        s.state.before_request = meddle
        result = s.sync([*WANT, SRV])
        assert "changed by someone else" in result.warnings[0]
        settles(s, [*WANT, SRV])


def test_a_stranger_who_comes_in_between_is_not_touched() -> None:
    with scene() as s:

        def meddle(number: int, method: str) -> None:
            if method == "POST":
                s.state.before_request = None
                s.state.seed(s.zone, type="CNAME", name=f"h3.{ZONE}", content="theirs.example.net")

        s.state.before_request = meddle
        assert exit_of(lambda: s.sync(WANT)) == 3
        assert s.held() == {("CNAME", f"h3.{ZONE}", "theirs.example.net")}
        assert s.state.oracle.wrong == []


def test_missing_and_double_zones() -> None:
    with scene() as s:
        s.state.add_zone(ZONE)
        assert exit_of(lambda: s.sync(WANT)) == 2
        assert exit_of(lambda: s.plan([])) == 2
        del s.state.zones[s.zone.id]
        s.state.zones.clear()
        assert exit_of(lambda: s.sync(WANT)) == 4


def test_a_zone_by_its_id_costs_one_request_too() -> None:
    with scene() as s:
        from edgegen.dns.sync import sync

        sync([s.task(WANT, zone_id=s.zone.id)], Choices("house"), clock=s.clock)
        assert s.state.log[0]["path"] == f"/zones/{s.zone.id}"
        assert exit_of(lambda: sync([s.task(WANT, zone_id="f" * 32)], Choices("house"), clock=s.clock)) == 4


def test_a_pending_zone_is_a_warning() -> None:
    with scene(status="pending") as s:
        assert "pending" in s.sync(WANT).warnings[0]


def test_a_paused_zone_is_a_warning_where_the_proxy_is_wanted() -> None:
    with scene(paused=True) as s:
        (warning,) = s.sync([rec("A", f"www.{ZONE}", "192.0.2.7", proxied=True)]).warnings
        assert warning.startswith(f"{ZONE} is paused at the provider: its proxy is off")
        assert not s.sync(WANT).warnings


def test_a_zone_whose_dns_is_elsewhere_is_a_warning() -> None:
    """A partial setup: Cloudflare takes the records, and no resolver asks for them."""
    with scene(type="partial") as s:
        (warning,) = s.sync(WANT).warnings
        assert "kept elsewhere" in warning
        assert "NAME.cdn.cloudflare.net" in warning


def test_a_full_disk_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "dns").write_text("in the way")
    with scene(tmp_path) as s:
        result = s.sync(WANT)
        assert result.made == 12
        assert "could not be saved" in result.warnings[0]


def test_ignored_names_are_not_seen() -> None:
    with scene() as s:
        from edgegen.dns.sync import sync

        s.state.seed(s.zone, type="A", name=f"h1.{ZONE}", content="198.51.100.1")
        task = s.task(WANT, ignore=(f"h1.{ZONE}",))
        assert sync([task], Choices("house"), clock=s.clock).made == 11


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, 7))
def test_an_interrupt_stops_before_the_next_request(number: int) -> None:
    want = [rec("A", f"h{n}.{ZONE}", "192.0.2.1") for n in range(460)]
    with scene() as s:
        stop = Stop()
        s.state.before_request = lambda n, method: stop.ask() if n == number else None
        try:
            s.sync(want, stop=stop)
        except Interrupted as told:
            made = max(0, min(460, (number - 2) * 200))
            assert told.message.startswith(f"{made} of 460" if made else "nothing was changed")
        else:
            assert number == 6, "only the last request is not followed by another"
        assert s.state.count() == number
        settles(s, want)


def test_signals_are_caught_and_given_back() -> None:
    stop = Stop()
    before = signal.getsignal(signal.SIGTERM)
    with stop.on_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Interrupted) as told:
            stop.wait(5)
        assert told.value.signal == signal.SIGTERM
        with pytest.raises(Interrupted):
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(5)
    assert signal.getsignal(signal.SIGTERM) is before


def test_progress_is_told() -> None:
    seen: list[Progress] = []
    with scene() as s:
        from edgegen.dns.sync import sync

        sync([s.task(WANT)], Choices("house"), Surroundings(progress=seen.append), clock=s.clock)
    assert [(item.made, item.total) for item in seen] == [(0, 0), (0, 0), (0, 12), (12, 12)]


CASES: dict[str, Record] = {
    "capitals": rec("A", "WWW.Example.COM", "192.0.2.1"),
    "trailing dot": rec("CNAME", f"dot.{ZONE}.", "Target.Example.NET."),
    "idna name": rec("A", f"bücher.{ZONE}", "192.0.2.1"),
    "idna target": rec("CNAME", f"idn.{ZONE}", "bücher.example.net"),
    "wildcard": rec("A", f"*.{ZONE}", "192.0.2.1"),
    "apex": rec("A", ZONE, "192.0.2.1"),
    "ipv6": rec("AAAA", f"six.{ZONE}", "2001:0DB8:0:0::0001"),
    "txt": rec("TXT", f"_dmarc.{ZONE}", "v=DMARC1; p=none"),
    "txt with quotes": rec("TXT", f"q.{ZONE}", 'say "hi" \\ bye'),
    "txt with spaces": rec("TXT", f"s.{ZONE}", "  two  spaces "),
    "txt with umlauts": rec("TXT", f"u.{ZONE}", "grüße"),
    "txt of 255": rec("TXT", f"t255.{ZONE}", "x" * 255),
    "txt of 256": rec("TXT", f"t256.{ZONE}", "x" * 256),
    "txt of 1000": rec("TXT", f"t1000.{ZONE}", "v=DKIM1; p=" + "Ab+/" * 247),
    "caa": rec("CAA", ZONE, '0 issue "letsencrypt.org"'),
    "caa, none": rec("CAA", ZONE, '0 issuewild ";"'),
    "srv": rec("SRV", f"_imaps._tcp.{ZONE}", "1 993 Mail.Example.NET.", priority=0),
    "mx": rec("MX", ZONE, "Mail.Example.NET.", priority=10),
    "ns": rec("NS", f"sub.{ZONE}", "ns1.example.net"),
    "proxied ttl": rec("A", f"p.{ZONE}", "192.0.2.1", 300, proxied=True),
    "proxied cname": rec("CNAME", f"pc.{ZONE}", "x.example.net", proxied=True),
    "ttl": rec("A", f"ttl.{ZONE}", "192.0.2.1", 86400),
}


@pytest.mark.quick(15)
@pytest.mark.parametrize("text", ["quoted", "bare"])
@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_the_second_run_is_empty(case: str, text: str) -> None:
    with scene(text=text) as s:
        assert s.sync([CASES[case]]).made == 1
        assert s.writes() == 1
        assert s.sync([CASES[case]]).total == 0
        assert s.writes() == 1


def test_the_second_run_is_empty_for_all_cases_at_once() -> None:
    with scene() as s:
        assert s.sync(list(CASES.values())).made == len(CASES)
        assert s.sync(list(CASES.values())).total == 0


@pytest.mark.quick(6)
@pytest.mark.parametrize("size", [99, 100, 101, 199, 200, 201, 1000, 3500])
def test_zones_of_all_sizes_and_their_requests(size: int) -> None:
    want = [rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(size)]
    with scene() as s:
        assert s.sync(want).made == size
        assert s.state.count() <= 1 + 1 + -(-size // 200) + 1
        assert s.state.count() <= 25
        before = s.state.count()
        assert s.sync(want).total == 0
        assert s.state.count() - before == 2
        before = s.state.count()
        assert s.sync([*want[1:], rec("A", want[0].name, "192.0.2.2")]).made == 1
        assert s.state.count() - before == 4
