"""JUnit XML: well formed whatever is in it, in the form that CI systems read, and never a pass that was not seen."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given

from edgegen.cli.report.junit import junit
from edgegen.cli.report.model import Report
from edgegen.core.finding import Outcome
from edgegen.verify.observation import Observation
from tests.cli.report.making import bad, calm, endpoint, finding, half_dead, healthy, report_of, story, unseen
from tests.cli.report.strategies import reports

FORM = Path(__file__).parent / "junit.xsd"


def xmllint(folder: Path, *documents: str) -> subprocess.CompletedProcess[str]:
    """What the tool of libxml2 says of documents."""
    files = [folder / f"{number}.xml" for number in range(len(documents))]
    for file, text in zip(files, documents, strict=True):
        file.write_text(text, encoding="utf-8")
    words = ["xmllint", "--noout", "--nonet", "--schema", str(FORM), *map(str, files)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


def cases(text: str) -> dict[str, str]:
    """Name of every case -> its outcome."""
    found = {}
    for case in ElementTree.fromstring(text).iter("testcase"):
        (outcome,) = [part.tag for part in case] or ["passed"]
        found[case.get("name", "")] = outcome
    return found


@pytest.mark.slow  # Debian's xmllint
@pytest.mark.parametrize("report", [story(), calm(), report_of(), story(incomplete=True)])
def test_it_has_the_form(tmp_path: Path, report: Report) -> None:
    done = xmllint(tmp_path, junit(report))
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_any_report_has_the_form(tmp_path: Path) -> None:
    made: list[str] = []

    @given(report=reports())
    def make(report: Report) -> None:
        made.append(junit(report))

    make()
    done = xmllint(tmp_path, *made)
    assert done.returncode == 0, done.stderr[:2000]


WRONG = {
    "not well formed": lambda text: text.replace("</testsuites>", ""),
    "a control character": lambda text: text.replace("EV003", "EV\x1b003", 1),
    "an unknown element": lambda text: text.replace("system-out", "stdout"),
    "no time": lambda text: text.replace(' time="0.000"', "", 1),
    "a time zone": lambda text: text.replace('T13:20:05"', 'T13:20:05Z"', 1),
    "two outcomes": lambda text: text.replace("</failure>", '</failure><error type="x"/>', 1),
    "a number that is none": lambda text: text.replace('failures="0"', 'failures="no"', 1),
    "a machine's name": lambda text: text.replace("<testsuite ", '<testsuite hostname="x" ', 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_what_has_another_form_is_seen(tmp_path: Path, change) -> None:
    text = change(junit(story()))
    assert text != junit(story())
    assert xmllint(tmp_path, text).returncode != 0


def test_bad_is_a_failure_remarks_speak_and_what_was_not_told_is_an_error() -> None:
    found = cases(junit(report_of(half_dead())))
    assert found["EV006 connection"] == found["EV008 certificate-trust"] == "failure"
    assert found["not seen"] == "error"
    assert found["EV001 dns-resolution"] == "passed"
    assert not {"EV003 certificate-expiry", "EV013 http-answer"} & set(found)
    assert cases(junit(story()))["EV015 hsts"] == "system-out"


def test_what_could_not_be_told_names_itself() -> None:
    of = endpoint("a.example.com")
    slow = finding(of, "EV001", "dns-resolution", "no answer", Outcome.UNKNOWN, verdict="dns-timeout")
    found = cases(junit(report_of((of, Observation(of), [slow, *unseen(of, "no name", "EV003", "EV006")]))))
    assert found == {"EV001 dns-resolution": "error", "not seen": "error"}


def test_every_finding_is_in_it() -> None:
    report = story()
    root = ElementTree.fromstring(junit(report))
    text = "\n".join(part.text or "" for part in root.iter() if part.text)
    for found in report.findings:
        named = any(case.get("name", "").startswith(f"{found.id} ") for case in root.iter("testcase"))
        assert named or f"{found.id} {found.name}: {found.message}" in text


def test_numbers_add_up() -> None:
    root = ElementTree.fromstring(junit(story()))
    for suite in root:
        inside = list(suite.iter("testcase"))
        assert int(suite.get("tests", "")) == len(inside)
        assert int(suite.get("failures", "")) == sum(case.find("failure") is not None for case in inside)
        assert int(suite.get("errors", "")) == sum(case.find("error") is not None for case in inside)
    for key in ("tests", "failures", "errors"):
        assert int(root.get(key, "")) == sum(int(suite.get(key, "")) for suite in root)


def test_names_are_unique_and_the_first_is_the_checks_own() -> None:
    of = endpoint("a.example.com")
    found = [
        bad(of, "EV006", "connection", "m", "partial-outage"), bad(of, "EV006", "connection", "m", "dead-address"),
        bad(of, "EV006", "connection", "m", "dead-address"),
    ]  # fmt: skip
    names = list(cases(junit(report_of((of, Observation(of), found)))))
    assert names == ["EV006 connection", "EV006 connection: dead-address", "EV006 connection: dead-address 2"]


def red(text: str) -> bool:
    root = ElementTree.fromstring(text)
    return int(root.get("failures", "")) + int(root.get("errors", "")) > 0


def test_what_was_not_looked_at_is_red() -> None:
    of, seen, found = healthy("a.example.com")
    assert not red(junit(report_of((of, seen, found))))
    assert red(junit(report_of()))
    assert red(junit(report_of((of, None, found))))
    assert red(junit(report_of((of, seen, []))))


@pytest.mark.slow
@given(report=reports())
def test_it_is_green_when_the_run_is_ok_and_only_then(report: Report) -> None:
    assert red(junit(report)) is not report.ok


def test_the_words_for_mending_are_there() -> None:
    text = junit(story())
    assert "how to fix: open port 443 for IPv6 too" in text
    assert "where: edge.yaml:18:7" in text
    assert "\\x1b]0;owned" in text
    assert "hostname" not in text
