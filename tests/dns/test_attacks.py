# ruff: noqa: E501  # tables: one attack a line
"""A Cloudflare that lies or lags: whatever it says, no record of others is written, and no claim of ours is wrong."""

from __future__ import annotations

import copy
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.core.errors import EdgegenError
from edgegen.core.secret import Secret
from edgegen.dns import apply, sync_progress
from edgegen.dns.api import wire
from edgegen.dns.api.envelope import Answer, Envelope, opened
from edgegen.dns.confirmed import Confirmed
from edgegen.dns.plan import ZonePlan
from edgegen.dns.providers.cloudflare import Cloudflare as Provider
from edgegen.records import Record
from tests.dns.support import ZONE, FakeClock, Scene, rec
from tests.fakes.cloudflare import TOKEN, Threaded
from tests.fakes.cloudflare_faults import Fault
from tests.fakes.cloudflare_lies import Liar, Lie

HERE, THERE = "192.0.2.1", "192.0.2.2"
TAKEN = f"taken.{ZONE}"


@dataclass
class Scenario:
    """What a zone holds of ours before, what is wanted then, and with which leave."""

    before: list[Record]
    want: list[Record]
    leave: dict[str, Any] = field(default_factory=dict)


HOSTS = [rec("A", f"h{number}.{ZONE}", HERE) for number in range(5)]
SERVICES = [rec("SRV", f"_s{number}._tcp.{ZONE}", "1 993 mail.example.net", priority=0) for number in range(3)]
SCENARIOS = {
    "creates": Scenario([], HOSTS),
    "services": Scenario([], SERVICES),
    "updates": Scenario(HOSTS, [rec("A", record.name, THERE) for record in HOSTS]),
    "prunes": Scenario(HOSTS, HOSTS[:2], {"prune": True}),
    "types": Scenario(HOSTS, [rec("CNAME", record.name, "edge.example.net") for record in HOSTS]),
    "adopts": Scenario([], [rec("A", TAKEN, HERE)], {"adopt": frozenset({TAKEN})}),
    "all": Scenario(HOSTS, [rec("A", HOSTS[0].name, THERE), *HOSTS[1:3], *SERVICES, rec("TXT", ZONE, "x")], {"prune": True}),
}  # fmt: skip


@dataclass
class Run:
    """One attack. `codes`: how it may end."""

    lies: list[Lie] = field(default_factory=list)
    lag: int = 0
    faults: list[Fault] = field(default_factory=list)
    codes: tuple[int, ...] = (0, 4, 5)
    scenario: str = "creates"


def told(**more: Any) -> Callable[[Liar, dict[str, Any], dict[str, Any]], Any]:
    """The truth, with some keys of the envelope changed."""
    return lambda state, body, sent: {**body, **more}


def raw(payload: bytes, status: int = 200, **headers: str) -> Callable[..., Any]:
    return lambda state, body, sent: (status, headers, payload)


def result(change: Callable[[Any], Any]) -> Callable[..., Any]:
    """The truth with another `result`."""

    def bend(state: Liar, body: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
        return {**body, "result": change(copy.deepcopy(body["result"]))}

    return bend


def each_post(**more: Any) -> Callable[..., Any]:
    return result(lambda found: {**found, "posts": [{**row, **more} for row in found["posts"]]})


def stranger_in(part: str, **more: Any) -> Callable[..., Any]:
    """The first item of the answer names a record of somebody else's."""

    def bend(state: Liar, body: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
        (zone,) = state.zones.values()
        if not body["result"].get(part):
            return body  # an answer to something else
        theirs = next(row for row in zone.records.values() if row["name"] == TAKEN)
        rows = [{**body["result"][part][0], "id": theirs["id"], **more}, *body["result"][part][1:]]
        return {**body, "result": {**body["result"], part: rows}}

    return bend


def rows(change: Callable[[list[dict[str, Any]]], Any], **info: Any) -> Callable[..., Any]:
    """Another list, which says of itself that it is whole, unless `info` says otherwise."""

    def bend(state: Liar, body: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
        said = change(copy.deepcopy(body["result"]))
        number = len(said) if isinstance(said, list) else 0
        return {**body, "result": said, "result_info": {**body["result_info"], "total_count": number, **info}}

    return bend


def first(**more: Any) -> Callable[[list[dict[str, Any]]], Any]:
    return lambda found: [{**found[0], **more}, *found[1:]]


def text(old: str, new: str) -> Callable[..., Any]:
    """The list as text, with numbers that json.dumps does not write."""
    return lambda state, body, sent: json.dumps(body).replace(old, new, 1).encode()


def lists(bend: Callable[..., Any], **more: Any) -> Run:
    return Run([Lie(bend, "GET")], **more)


NO_LAG = {
    f"{name}, {why}": Run([Lie(bend, applied=applied, **more)], codes=codes)
    for name, applied in (("done", True), ("not done", False))
    for why, bend, more, codes in [
        ("but success and errors", told(errors=[{"code": 1, "message": "partly"}]), {}, (0, 4, 5)),
        ("but no success, once", told(success=False), {"times": 1}, (0, 5)),
        ("but no success", told(success=False, result=None), {}, (0, 4, 5)),
        ("but an empty result", told(result={}), {}, (0, 4, 5)),
        ("but no result", told(result=None), {}, (0, 4, 5)),
        ("but a list for a result", told(result=[]), {}, (0, 4, 5)),
        ("but one answer less", result(lambda r: {**r, "posts": r["posts"][1:]}), {}, (0, 4, 5)),
        ("but one answer more", result(lambda r: {**r, "posts": [*r["posts"], *r["posts"][:1]]}), {}, (0, 4, 5)),
        ("but all answers are one", result(lambda r: {**r, "posts": r["posts"][:1] * 5}), {}, (0, 4, 5)),
        ("but ids are numbers", each_post(id=7), {}, (0, 4, 5)),
        ("but ids are lists", each_post(id=["x"]), {}, (0, 4, 5)),
        ("but ids are missing", each_post(id=None), {}, (0, 4, 5)),
        ("but another content", each_post(content="203.0.113.66"), {}, (0, 4, 5)),
        ("but another name", each_post(name=TAKEN), {}, (0, 4, 5)),
        ("but a type of tomorrow", each_post(type="HTTPS"), {}, (0, 4, 5)),
        ("and comments seem lost", each_post(comment=None), {}, (4, 5)),
        ("but somebody else's id", stranger_in("posts"), {}, (0, 4, 5)),
        ("but somebody else's id, without a mark", stranger_in("posts", comment=None), {}, (0, 4, 5)),
        ("and the token is refused", raw(b'{"success":false,"errors":[{"code":10000}]}', 403), {}, (0, 4, 5)),
        ("and it is forbidden without a word", raw(b"", 401), {}, (0, 4, 5)),
        ("and it is a bad request", raw(b'{"success":false,"errors":[{"code":1004}]}', 400), {}, (0, 4, 5)),
        ("and all exist", raw(b'{"success":false,"errors":[{"code":81058}]}', 400), {}, (0, 4, 5)),
        ("and there is no such page", raw(b"not found", 404), {}, (0, 4, 5)),
        ("and it is too much, once", raw(b"", 429), {"times": 1}, (0, 4, 5)),
        ("and it is nothing at all", raw(b""), {}, (0, 4, 5)),
        ("and a redirect", raw(b"", 302, Location="http://127.0.0.1:9/"), {}, (0, 4, 5)),
        ("and errors are a number", raw(b'{"success":false,"errors":5}', 400), {}, (0, 4, 5)),
        ("and errors are numbers", raw(b'{"success":false,"errors":[5,[5],{"code":"x"}]}', 422), {}, (0, 4, 5)),
        ("and it is JSON without end", raw(b"[" * 100_000, 500), {}, (0, 4, 5)),
        ("and a number without end", raw(b'{"success":true,"result":' + b"9" * 5000 + b"}"), {}, (0, 4, 5)),
        ("and NULs", raw(b"\0" * 4000), {}, (0, 4, 5)),
        ("and a charset of nobody", raw(b"{}", 400, **{"Content-Type": "text/plain; charset=hex"}), {}, (0, 4, 5)),
        ("and the token in words", raw(json.dumps({"success": False, "errors": [{"code": 1, "message": f"Bearer {TOKEN}"}]}).encode(), 400), {}, (0, 4, 5)),
    ]
}  # fmt: skip

LAGS = {
    f"{scenario}, the list lags {'for ever' if lag < 0 else f'by {lag}'}": Run(
        lag=lag, scenario=scenario, codes=(5,) if lag < 0 else (0,)
    )
    for scenario in SCENARIOS
    for lag in (1, 3, -1)
}

LOST = {
    f"{scenario}, the answer is lost and the list lags {'for ever' if lag < 0 else f'by {lag}'}": Run(
        lag=lag, scenario=scenario, faults=[Fault("rst", phase="after", method="POST")], codes=(0, 4, 5)
    )
    for scenario in SCENARIOS
    for lag in (1, 3, -1)
}

LISTS = {
    "success and errors": lists(told(errors=[{"code": 7, "message": "half of it"}]), codes=(4,)),
    "success and errors that are words": lists(told(errors="half of it"), codes=(4,)),
    "success and no list": lists(told(result=None), codes=(4,)),
    "success is a word": lists(told(success="true"), codes=(4,)),
    "no count": lists(told(result_info={}), codes=(4,)),
    "the count is a word": lists(rows(list, total_count="3"), codes=(4,)),
    "the count is true": lists(rows(lambda found: found[:1], total_count=True), codes=(4,)),
    "the count is below nothing": lists(rows(list, total_count=-1), codes=(4,)),
    "the count is without end": lists(rows(list, total_count=10**12), codes=(4,)),
    "nothing but a count": lists(rows(lambda found: [], total_count=10**12), codes=(4,)),
    "rows are numbers": lists(rows(lambda found: [1, 2, 3]), codes=(4,)),
    "a row twice": lists(rows(lambda found: [*found, found[0]]), codes=(4,)),
    "an id is a list": lists(rows(first(id=["x"])), codes=(4,)),
    "an id is nothing": lists(rows(first(id="")), codes=(4,)),
    "a name is nothing": lists(rows(first(name=None)), codes=(4,)),
    "a name is a NUL": lists(rows(first(name="\0"))),
    "a name is half a character": lists(rows(first(name="\ud800.example.com"))),
    "a name is endless": lists(rows(first(name="ü" * 100_000))),
    "a name is no name": lists(rows(first(name="xn--\u2003é..,"))),
    "a content is nothing": lists(rows(first(content=None))),
    "a content is a tree": lists(rows(first(content={"a": [1]}))),
    "a content is half a character": lists(rows(first(type="TXT", content='"\ud800"'))),
    "a type of tomorrow": lists(rows(first(type="A" * 100_000))),
    "a ttl is a word": lists(rows(first(ttl="soon"))),
    "a ttl is below nothing": lists(rows(first(ttl=-5))),
    "a ttl has 400 digits": lists(rows(first(ttl=10**400))),
    "a ttl is endless": lists(text('"ttl": 1', '"ttl": 1e999')),
    "a ttl is no number": lists(text('"ttl": 1', '"ttl": NaN')),
    "a ttl has 5,000 digits": lists(text('"ttl": 1', '"ttl": ' + "9" * 5000), codes=(4,)),
    "an mx of endless priority": lists(text('"type": "A"', '"priority": 1e999, "type": "MX"')),
    "an mx of true priority": lists(rows(first(type="MX", content="m.example.net", priority=True))),
    "an mx of a priority in words": lists(rows(first(type="MX", content="m.example.net", priority="high"))),
    "an mx of nothing": lists(rows(first(type="MX", content="", priority=None))),
    "a service of words": lists(rows(first(type="SRV", data={"weight": "x", "port": None, "target": 3}))),
    "a service of a list": lists(rows(first(type="SRV", data=[1, 2], content=7))),
    "a caa of rubbish": lists(rows(first(type="CAA", data={"flags": {}, "tag": [], "value": "\ud800"}))),
    "a comment is a list": lists(rows(first(comment=["edgegen;v1"]))),
    "meta is a list": lists(rows(first(meta=["read_only"]))),
    "the list is a tree without end": lists(raw(b'{"success":true,"result":' + b"[" * 100_000), codes=(4,)),
    "33 megabytes": lists(raw(b" " * (33 << 20)), codes=(4,)),
    "two byte orders": lists(raw('{"success": true}'.encode("utf-16")), codes=(4,)),
    "a budget of 5,000 digits": lists(lambda s, b, t: (200, {"Ratelimit": f'"d";r={"9" * 5000};t={"9" * 5000}'}, json.dumps(b).encode()), codes=(0,)),
    "a budget of nothing for ever": lists(lambda s, b, t: (200, {"Ratelimit": f'"d";r=0;t={"9" * 5000}'}, json.dumps(b).encode()), codes=(0,)),
    "a wait of 5,000 digits": Run([Lie(raw(b"", 429, **{"Retry-After": "9" * 5000}), "GET", times=2)], codes=(0,)),
    "a wait of a word": Run([Lie(raw(b"", 429, **{"Retry-After": "later"}), "GET", times=2)], codes=(0,)),
    "the token as a record": lists(rows(first(type="TXT", content=f'"{TOKEN}"', name=f"h0.{ZONE}")), scenario="types", codes=(3,)),
    "a stranger's address is hidden": Run([Lie(rows(lambda found: [row for row in found if row["name"] != TAKEN]), "GET")], codes=(5, 0), scenario="all"),
}  # fmt: skip

ZONES = {
    f"a zone whose {why}": Run([Lie(bend, "GET", "/zones", times=1)], codes=(2, 4))
    for why, bend in {
        "id leads elsewhere": result(lambda found: [{**found[0], "id": "../../user"}]),
        "id is endless": result(lambda found: [{**found[0], "id": "a" * 5000}]),
        "id is a number": result(lambda found: [{**found[0], "id": 5}]),
        "name is a number": result(lambda found: [{**found[0], "name": 5}]),
        "name is another": result(lambda found: [{**found[0], "name": "example.org"}]),
        "list has errors too": told(errors=[{"code": 1}]),
        "twin is there": result(lambda found: found * 2),
        "row is a word": result(lambda found: ["zone"]),
    }.items()
}  # fmt: skip

RUNS = {**NO_LAG, **LAGS, **LOST, **{f"a list: {name}": run for name, run in LISTS.items()}, **ZONES}


@pytest.fixture(scope="module")
def served() -> Iterator[Threaded]:
    with Threaded(Liar()) as one:
        yield one


def prepared(served: Threaded, scenario: Scenario, folder: Path) -> Scene:
    """A zone with records of ours and of others, before anybody lies."""
    state = served.state = Liar()
    zone = state.add_zone(ZONE)
    clock = FakeClock(state)
    # An owner by name too: it keeps a ledger of what it has seen.
    s = Scene(state, zone, clock, Provider(Secret(TOKEN), clock, served.url), folder, named="house")
    if scenario.before:
        s.sync(scenario.before)
    state.seed(zone, type="A", name=TAKEN, content="198.51.100.7")
    state.seed(zone, type="AAAA", name=TAKEN, content="2001:db8::7")
    state.seed(zone, type="TXT", name=ZONE, content='"theirs"')
    state.log.clear()
    state.oracle.must_answer.clear()
    return s


def facts(s: Scene) -> dict[str, dict[str, Any]]:
    return {key: dict(row) for key, row in s.zone.records.items()}


@pytest.mark.quick(40)
@pytest.mark.parametrize("name", RUNS)
def test_no_lie_does_harm(name: str, served: Threaded, tmp_path: Path) -> None:
    attack(name, served, tmp_path)


def attack(name: str, served: Threaded, folder: Path) -> None:
    run = copy.deepcopy(RUNS[name])
    scenario = SCENARIOS[run.scenario]
    s = prepared(served, scenario, folder)
    before, began = facts(s), time.monotonic()
    assert isinstance(s.state, Liar)
    s.state.lies, s.state.lag, s.state.faults = run.lies, run.lag, run.faults
    code, said = ending(s, scenario)
    assert time.monotonic() - began < 50
    assert code in run.codes, said
    assert s.state.oracle.wrong == []
    unharmed(s, scenario, before)
    if code in (2, 3) or "nothing was changed" in said:
        assert facts(s) == before, said
    if found := re.search(r"(\d+) of \d+ changes made", said):
        assert int(found[1]) > 0 or "may have made more" in said
    if code == 0:
        assert in_step(s, scenario), said
    assert TOKEN not in said
    assert not [file for file in folder.rglob("*") if file.is_file() and TOKEN.encode() in file.read_bytes()]
    honest_again(s, scenario)


def ending(s: Scene, scenario: Scenario) -> tuple[int, str]:
    try:
        told = s.sync(scenario.want, **scenario.leave)
    except EdgegenError as error:
        return error.exit_code, "\n".join(f"{problem} {problem.hint}" for problem in error.problems)
    return 0, "\n".join(told.warnings)


def unharmed(s: Scene, scenario: Scenario, before: dict[str, dict[str, Any]]) -> None:
    """Records of others are what they were; no two records are one."""
    adopted = scenario.leave.get("adopt", frozenset())
    for key, row in before.items():
        if row["comment"] is None and row["name"] not in adopted:
            assert s.zone.records.get(key) == row
    held = [(r["type"], r["name"], r["content"], r.get("priority")) for r in s.zone.records.values()]
    assert len(held) == len(set(held))


def in_step(s: Scene, scenario: Scenario) -> bool:
    wanted = {(record.type.value, record.name) for record in scenario.want}
    return wanted <= {(kind, name) for kind, name, _ in s.held()}


def honest_again(s: Scene, scenario: Scenario) -> None:
    """Once nobody lies any more, a run or two bring everything in step, and the next one sends nothing."""
    assert isinstance(s.state, Liar)
    s.state.lies, s.state.faults, s.state.lag, s.state.behind = [], [], 0, 0
    s.state.oracle.must_answer.clear()
    for _ in range(2):
        code, _ = ending(s, scenario)
        if code == 0:
            break
    writes = s.writes()
    assert ending(s, scenario)[0] == 0
    assert s.writes() == writes
    assert in_step(s, scenario)
    assert s.state.oracle.wrong == []


def test_there_are_enough_runs() -> None:
    assert len(RUNS) >= 60


def believe_every_id(patch: pytest.MonkeyPatch) -> None:
    """As it was: what an answer names is what was made, and what has no mark is deleted."""
    patch.setattr(apply, "check_proof", lambda request, applied, known: None)
    patch.setattr(apply, "_same", lambda found, made: True)


def believe_every_list(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Confirmed, "lagging", lambda self, todo: [])


def count_by_the_list(patch: pytest.MonkeyPatch) -> None:
    def count(self: Confirmed, first: ZonePlan, todo: ZonePlan) -> int:
        return len(first.writes) - len(todo.writes)

    patch.setattr(Confirmed, "count", count)
    patch.setattr(sync_progress.Tally, "sent", property(lambda self: False, lambda self, value: None), raising=False)


def ignore_errors(patch: pytest.MonkeyPatch) -> None:
    def lenient(answer: Answer) -> Envelope:
        return opened(replace(answer, body=answer.body.replace(b'"errors":', b'"remarks":')))

    patch.setattr(wire, "opened", lenient)


def repeat_services(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(apply, "could_be_twins", lambda *_: False)


def show_tokens(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(wire, "MASK", TOKEN)


PLANTED = {
    "an id of somebody else's is believed": (believe_every_id, "done, but somebody else's id, without a mark"),
    "a list that lags is believed": (believe_every_list, "services, the list lags for ever"),
    "what was made is counted by the list": (count_by_the_list, "creates, the list lags for ever"),
    "errors beside success are overlooked": (ignore_errors, "a list: success and errors"),
    "a service is sent twice": (repeat_services, "services, the answer is lost and the list lags for ever"),
    "the token is shown": (show_tokens, "not done, and the token in words"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_caught(
    fault: str, served: Threaded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, name = PLANTED[fault]
    attack(name, served, tmp_path / "sound")
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        attack(name, served, tmp_path / "planted")
