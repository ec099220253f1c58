"""The report as a person reads it on a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from msgspec.structs import replace

from edgegen.cli.console import printable
from edgegen.cli.report.model import Report
from edgegen.cli.report.text import text
from edgegen.cli.screen import Look, Screen
from edgegen.core.columns import width
from edgegen.core.finding import NOT_SEEN, Outcome
from edgegen.core.grade import Grade, grade
from tests.cli.report.making import bad, calm, finding, healthy, nowhere, passed, report_of, story
from tests.cli.report.strategies import reports

SEEN = Path(__file__).parent / "seen"
Golden = Callable[[Path, str], None]
PIPE = Look()


def on(columns: int, *, verbose: bool = False) -> Look:
    return Look(verbose, Screen(columns))


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_what_a_person_sees(golden: Golden, columns: int) -> None:
    shown = text(story(), on(columns))
    golden(SEEN / f"text-{columns}.txt", shown + "\n")
    assert max(width(line) for line in shown.splitlines() if " " in line.strip()) <= columns


def test_what_a_person_sees_who_asks_for_more(golden: Golden) -> None:
    golden(SEEN / "text-verbose.txt", text(story(), on(100, verbose=True)) + "\n")


def test_what_a_program_sees(golden: Golden) -> None:
    golden(SEEN / "text-pipe.txt", text(story(), PIPE) + "\n")


def test_what_is_good_is_a_line_each() -> None:
    for look in (PIPE, on(80)):
        lines = text(calm(3), look).splitlines()
        assert len(lines) == 5
        assert all(line.startswith("good     web        h") for line in lines[:3])
        assert lines[3:] == ["", "3 endpoints: 3 good (4.2 s)"]


def test_of_many_that_are_good_a_terminal_shows_some_and_a_program_gets_all() -> None:
    assert text(calm(200), on(80)).splitlines()[20] == "    … and 180 more (-v lists them)"
    for look in (PIPE, on(80, verbose=True)):
        assert sum(line.startswith("good ") for line in text(calm(200), look).splitlines()) == 200


def everywhere(count: int, **more: str) -> Report:
    """The same fault at many hosts, and one where all is well."""
    hosts = [healthy(f"h{number}.example.com", f"s{number}", 3 + number, number) for number in range(count)]
    ill = [
        (of, seen, [*passed(of), bad(of, "EV013", "http-answer", f"{of.host} answers 502", "upstream-down", **more)])
        for of, seen, _ in hosts
    ]
    return report_of(*ill, healthy("fine.example.com", number=99))


def test_the_same_fault_of_many_hosts_is_said_once() -> None:
    shown = text(everywhere(7, hint="see https://h0.example.com"), on(80))
    assert shown.splitlines()[0] == "bad EV013 upstream-down: HOST answers 502"
    assert shown.count("upstream-down") == 1
    assert [line.split() for line in shown.splitlines()[1:8]] == [
        [f"h{number}.example.com", f"edge.yaml:{3 + number}:7"] for number in range(7)
    ]


def test_a_hint_that_names_its_host_names_any() -> None:
    hosts = [healthy(f"h{number}.example.com", line=3) for number in range(2)]
    said = [
        (of, seen, [bad(of, "EV013", "http-answer", "down", "down", hint=f"`edgegen explain https://{of.host}/`")])
        for of, seen, _ in hosts
    ]
    assert "\n    -> `edgegen explain https://HOST/`\n" in text(report_of(*said), on(80))
    assert "https://h0.example.com/`" in text(report_of(said[0]), on(80))


def test_a_host_is_not_found_inside_of_another() -> None:
    one, two = (healthy(host, line=3) for host in ("a.test", "b.test"))
    words = ["see www.a.test and a.test.org", "see www.b.test and b.test.org"]
    said = [
        (of, seen, [bad(of, "EV013", "x", word, "down")]) for (of, seen, _), word in zip((one, two), words, strict=True)
    ]
    shown = text(report_of(*said), on(80))
    assert all(word in shown for word in words)
    assert "HOST" not in shown


@pytest.mark.slow
def test_many_hosts_flow_on_a_terminal_and_have_a_line_each_elsewhere() -> None:
    report = everywhere(80)
    shown = text(report, on(80))
    assert "h49.example.com and 30 more (-v lists them)" in shown.replace("\n    ", " ")
    assert len(shown.splitlines()) < 20
    for look in (PIPE, on(80, verbose=True)):
        assert all(f"\n    h{number}.example.com " in text(report, look) for number in range(80))


def test_the_worst_comes_first_and_what_is_not_known_after_what_is_bad() -> None:
    heads = [line.split()[:2] for line in text(story(), on(80)).splitlines() if line and line[0] != " "]
    grades = [grade for grade, _ in heads]
    assert grades[:9] == ["bad"] * 6 + ["unknown", "remark", "remark"]
    assert heads[0] == ["bad", "EV018"], "the only critical one"


def test_without_a_width_a_finding_and_its_place_are_a_line_each() -> None:
    """For `grep`: what belongs together is on one line."""
    shown = text(story(), PIPE).splitlines()
    assert "bad EV018 registry-open: anybody can push: /v2/ answers 200 without credentials" in shown
    assert "    commenthouse.com  edge.yaml:14:7" in shown
    assert (
        sum(re.match("(good|bad|remark|unknown) +(web|registry|redirect|tls) ", line) is not None for line in shown)
        == 8
    )


def test_dependents_are_counted_and_all_of_them_with_verbose() -> None:
    shown = text(report_of(nowhere()), on(80))
    assert "\n8 checks skipped because of these faults (-v lists them)\n" in shown
    assert "not seen:" not in shown
    assert text(report_of(nowhere()), on(80, verbose=True)).count("not seen:") == 8


def test_what_was_skipped_without_a_reason_is_shown() -> None:
    of, seen, _ = healthy("a.test")
    lost = finding(
        of, "EV003", "certificate-expiry", "not seen: the address is private", Outcome.UNKNOWN, verdict="not-seen"
    )
    shown = text(report_of((of, seen, [lost])), on(80))
    assert shown.startswith("unknown EV003 certificate-expiry: not seen: the address is private\n    a.test\n")
    assert "skipped" not in shown


def test_a_run_that_was_stopped_says_so() -> None:
    of, _, _ = healthy("a.test", line=3)
    last = "1 endpoint: 1 could not be checked (4.2 s): stopped before everything was checked"
    report = report_of((of, None, []), incomplete=True)
    assert text(report, on(100)).splitlines() == ["unknown not fully checked", "    a.test  edge.yaml:3:7", "", last]
    assert "unknown  web        a.test  not fully checked" in text(report, PIPE)


def test_colours_are_on_grades_names_and_what_is_less_important() -> None:
    paint = Look(screen=Screen(100, lambda words, code: f"<{code}>{words}</>" if code else words))
    shown = text(story(), paint)
    found = re.findall(r"<([\d;]+)>(.*?)</>", shown)
    assert {"good", "2 good"} == {words for code, words in found if code == "32"}
    assert {"bad", "4 bad"} == {words for code, words in found if code == "31;1"}
    assert {"unknown", "1 could not be checked"} == {words for code, words in found if code == "33"}
    assert ("1", "www.commenthouse.com") in found
    assert ("2", "-> `edgegen dns sync` makes the record") in found
    assert re.sub(r"<[\d;]+>(.*?)</>", r"\1", shown) == text(story(), Look(screen=Screen(100)))


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("columns", [None, 60, 80])
def test_words_of_others_command_no_terminal(verbose: bool, columns: int | None) -> None:
    of, seen, found = healthy("a.test")
    evil = "\x1b]0;owned\x07\u202e\r\nx"
    found = [replace(item, message=evil, hint=evil, name=evil, verdict=evil, subject=f"a.test{evil}") for item in found]
    worse = [replace(item, outcome=Outcome.FAIL, id=f"EV9{at:02}") for at, item in enumerate(found)]
    shown = text(report_of((of, seen, [*found, *worse])), Look(verbose, Screen(columns)))
    assert "owned" in shown
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def squeezed(text: str) -> str:
    return "".join(printable(text).split())


@pytest.mark.slow
@given(reports())
def test_nothing_is_lost(report: Report) -> None:
    """With -v every sentence, but its own host in it; without it every fault and every host that has one."""
    all_of_it, usual = (squeezed(text(report, Look(verbose))) for verbose in (True, False))
    for item in report.findings:
        if not (item.subject and item.subject.partition("/")[0] in item.message):
            assert squeezed(item.message) in all_of_it, item
        if grade(item) is not Grade.GOOD and item.verdict != NOT_SEEN:
            assert squeezed(item.subject) in usual
            assert item.id in usual


@pytest.mark.slow
@given(reports())
def test_every_line_fits_that_can(report: Report) -> None:
    for verbose in (False, True):
        for line in text(report, on(60, verbose=verbose)).splitlines():
            assert width(line) <= 60 or len(line.split()) <= 6, line
