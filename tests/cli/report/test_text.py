"""The report as a person reads it on a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from edgegen.cli.report.text import Look, text
from tests.cli.report.making import calm, healthy, nowhere, report_of, story

SEEN = Path(__file__).parent / "seen"
Golden = Callable[[Path, str], None]


@pytest.mark.parametrize("width", [100, 60])
def test_what_a_person_sees(golden: Golden, width: int) -> None:
    shown = text(story(), Look(width=width))
    golden(SEEN / f"text-{width}.txt", shown + "\n")
    assert max(len(line) for line in shown.splitlines() if " " in line.strip()) <= max(width, 60)


def test_what_a_person_sees_who_asks_for_more(golden: Golden) -> None:
    golden(SEEN / "text-verbose.txt", text(story(), Look(verbose=True, width=100)) + "\n")


def test_what_is_good_is_a_line_each() -> None:
    lines = text(calm(3), Look()).splitlines()
    assert len(lines) == 4
    assert all(line.startswith("good ") for line in lines[:3])
    assert lines[3] == "3 endpoints: 3 good (4.2 s)"


def test_without_a_width_a_finding_is_one_line() -> None:
    """For `grep`: what belongs together stays on one line."""
    shown = text(story(), Look())
    assert any("registry-open" in line and "edge.yaml:14:7" in line for line in shown.splitlines())


def test_dependents_are_one_line_and_all_of_them_with_verbose() -> None:
    shown = text(report_of(nowhere()), Look())
    assert shown.count("skipped: ") == 1
    assert "not seen:" not in shown
    assert text(report_of(nowhere()), Look(verbose=True)).count("not seen:") == 8


def test_a_run_that_was_stopped_says_so() -> None:
    of, _, _ = healthy("a.test")
    shown = text(report_of((of, None, []), incomplete=True), Look())
    assert shown.splitlines() == [
        "unknown  web        a.test  not fully checked",
        "1 endpoint: 1 could not be checked (4.2 s): stopped before everything was checked",
    ]


def test_colours_stand_on_the_words_that_grade_and_nowhere_else() -> None:
    shown = text(story(), Look(width=100, colour=lambda words, code: f"<{code}>{words}</>"))
    assert set(re.findall(r"<([\d;]+)>(\w+) *</>", shown)) == {
        ("32", "good"),
        ("36", "remark"),
        ("33", "unknown"),
        ("31;1", "bad"),
    }
    plain = re.sub(r"<[\d;]+>(\w+ *)</>", r"\1", shown)
    assert plain == text(story(), Look(width=100))


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("width", [None, 80])
def test_words_of_others_command_no_terminal(verbose: bool, width: int | None) -> None:
    of, seen, found = healthy("a.test")
    evil = "\x1b]0;owned\x07\u202e\r\nx"
    found = [replace(item, message=evil, hint=evil, name=evil, verdict=evil) for item in found]
    shown = text(report_of((of, seen, found)), Look(verbose, width))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
