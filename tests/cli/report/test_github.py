"""Annotations of GitHub Actions: read back by the runner's own rules, whatever is in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from edgegen.cli.report.github import github
from edgegen.cli.report.model import Report
from edgegen.core.finding import Severity
from edgegen.core.location import Location
from edgegen.endpoints import Endpoint
from edgegen.verify.observation import Observation
from tests.cli.report.making import bad, calm, endpoint, healthy, remarked, report_of, story, untold
from tests.cli.report.strategies import reports

PROPERTIES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
DATA = {"%0D": "\r", "%0A": "\n", "%25": "%"}


def unescaped(text: str, table: dict[str, str]) -> str:
    return re.sub("|".join(table), lambda match: table[match[0]], text)


def command(line: str) -> tuple[str, dict[str, str], str]:
    """A line as the runner reads it: up to the next `::` are the command and its properties, parted by commas."""
    assert line.startswith("::")
    head, mark, message = line[2:].partition("::")
    assert mark
    name, _, words = head.partition(" ")
    parts = [word.split("=", 1) for word in words.split(",")]
    return name, {key: unescaped(value, PROPERTIES) for key, value in parts}, unescaped(message, DATA)


def commands(report: Report) -> list[tuple[str, dict[str, str], str]]:
    return [command(line) for line in github(report).split("\n")[:-1]]


def test_the_worst_stand_first_with_their_line() -> None:
    level, properties, message = commands(story())[0]
    assert (level, properties) == (
        "error", {"file": "edge.yaml", "line": "14", "col": "7", "title": "EV018 registry-auth"},
    )  # fmt: skip
    assert message == (
        "commenthouse.com: anybody can push: /v2/ answers 200 without credentials\n"
        "Say `users: [ci]` at the registry and run `edgegen up`"
    )
    levels = [level for level, _, _ in commands(story())]
    assert levels == sorted(levels)
    assert levels.count("error") == story().counts["findings"]["bad"]


def test_remarks_and_what_was_not_told_are_warnings_and_good_is_silent() -> None:
    assert {level for level, _, _ in commands(report_of(remarked(), untold()))} == {"warning"}
    assert github(calm()) == "edgegen verify: 3 good of 3 endpoints"
    titles = [properties["title"] for _, properties, _ in commands(report_of(untold()))]
    assert titles == ["EV001 dns-resolution", "not seen"]


def test_the_last_line_says_how_it_went() -> None:
    last = github(story()).rpartition("\n")[2]
    assert last == "edgegen verify: 4 bad, 1 could not be checked, 1 good with remarks, 2 good of 8 endpoints"
    assert github(report_of()) == "edgegen verify: nothing was checked"
    of, _, found = healthy("a.example.com")
    stopped = github(report_of((of, None, found), incomplete=True)).split("\n")
    assert stopped[-1] == "edgegen verify: 1 could not be checked of 1 endpoint; stopped before the end"
    assert stopped[0].startswith("::warning title=stopped::a.example.com: ")


def test_a_file_as_a_whole_has_no_line() -> None:
    of = Endpoint("a", "a.example.com", places={"host": Location("edge.yaml")})
    ((_, properties, _),) = commands(report_of((of, Observation(of), [bad(of, "EV001", "x", "m", "v")])))
    assert properties == {"file": "edge.yaml", "title": "EV001 x"}


NASTY = "100%\r\n::error file=x::owned, or: not %0A\x1b[31m\u202e"


def test_words_of_others_stay_in_their_place() -> None:
    of = endpoint("a.example.com")
    where = Location("we,ird: %2C.yaml", 3, 4)
    of = Endpoint("a", "a.example.com", places={"host": where})
    report = report_of((of, Observation(of), [bad(of, "EV001", "x", NASTY, "v", Severity.HIGH, NASTY)]))
    assert len(github(report).splitlines()) == 2
    ((level, properties, message),) = commands(report)
    assert (level, properties["file"], properties["line"]) == ("error", where.file, "3")
    assert message.startswith("a.example.com: 100%\\r\n::error file=x::owned, or: not %0A\\x1b[31m\\u202e\n")


def test_what_reads_it_back_would_notice() -> None:
    with pytest.raises((AssertionError, ValueError)):
        command("::error file=we,ird.yaml,line=3::message")
    assert command("::error title=a%0Ab::100%25")[2] == "100%"


@pytest.mark.slow
@given(report=reports())
def test_any_report_can_be_read_back(report: Report) -> None:
    lines = github(report).splitlines()
    assert lines == github(report).split("\n")
    assert all(command(line)[0] in ("error", "warning") for line in lines[:-1])
    assert lines[-1].startswith("edgegen verify: ")
    assert github(report).isprintable() or "\n" in github(report)
