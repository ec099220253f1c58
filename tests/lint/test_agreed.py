"""A rule and the real Traefik that report one fault give one finding, and nothing that only one says is lost."""

from __future__ import annotations

import pytest

from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.core.location import Location
from edgegen.lint import agreed as room
from edgegen.lint.agreed import agreed
from edgegen.lint.answer import Reported
from edgegen.lint.results import Result
from edgegen.lint.rule import Confidence, Rule

HIGH, MEDIUM, LOW, CRITICAL = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.CRITICAL
SAID = "said by Traefik 3.7.15"


def one(
    id_: str, place: tuple[int, int], severity: Severity = HIGH, hint: str = "", outcome: Outcome = Outcome.FAIL
) -> Reported:
    where = Location("c.yml", *place)
    finding = Finding(id_, "name", severity, outcome, "web", f"{id_} of {place}", where, hint or SAID)
    return Reported(Result(finding, Rule(id_, "name", severity), Confidence.HIGH, None, None), "x")


def seen(items: list[Reported]) -> list[tuple[str, Severity]]:
    return [(item.result.finding.id, item.result.finding.severity) for item in items]


def hint_of(item: Reported) -> str:
    return item.result.finding.hint


@pytest.mark.parametrize(
    ("own", "hint"),
    [
        ("fix it", "fix it. Traefik 3.7.15 says so, too: EL900 of (3, 5)"),
        ("did you mean `le`?", "did you mean `le`? Traefik 3.7.15 says so, too: EL900 of (3, 5)"),
    ],
)
def test_the_rules_words_and_a_note(own: str, hint: str) -> None:
    (found,) = agreed([one("EL001", (3, 9), hint=own), one("EL900", (3, 5))])
    assert (seen([found]), hint_of(found)) == ([("EL001", HIGH)], hint)


def test_what_traefik_says_literally_is_in_the_note() -> None:
    said = one("EL900", (3, 5), hint="Traefik 3.7.15 says: field not found, node: x")
    assert hint_of(agreed([one("EL001", (3, 5), hint="fix it"), said])[0]).endswith("so, too: field not found, node: x")


@pytest.mark.parametrize(
    ("rule", "traefik", "severity"), [(MEDIUM, HIGH, HIGH), (CRITICAL, HIGH, CRITICAL), (LOW, LOW, LOW)]
)
def test_it_is_as_severe_as_the_more_severe(rule: Severity, traefik: Severity, severity: Severity) -> None:
    assert seen(agreed([one("EL005", (3, 5), rule), one("EL900", (3, 5), traefik)])) == [("EL005", severity)]


@pytest.mark.parametrize(
    "items",
    [
        [one("EL001", (3, 5)), one("EL900", (4, 5))],
        [one("EL001", (3, 5), outcome=Outcome.UNKNOWN), one("EL900", (3, 5))],
        [one("EL001", (3, 5)), one("EL900", (3, 5), outcome=Outcome.UNKNOWN)],
        [one("EL902", (3, 5)), one("EL900", (3, 5))],
        [one("EL001", (3, 5)), one("EL002", (3, 20)), one("EL900", (3, 40))],
        [one("EL900", (3, 5)), one("EL900", (3, 20))],
    ],
    ids=["other line", "not seen", "traefik does not know", "disagreement", "which of two", "only traefik"],
)
def test_two_faults_stay_two(items: list[Reported]) -> None:
    assert agreed(items) == items


def test_of_several_in_a_line_each_meets_its_own() -> None:
    items = [one("EL018", (3, 5)), one("EL024", (3, 5), MEDIUM), one("EL018", (3, 50)), one("EL900", (3, 50)),
             one("EL900", (3, 5)), one("EL900", (3, 70))]  # fmt: skip
    found = agreed(items)
    assert seen(found) == [("EL018", HIGH), ("EL024", MEDIUM), ("EL018", HIGH), ("EL900", HIGH)]
    assert [("(3, 5)" in hint_of(item), "(3, 50)" in hint_of(item)) for item in found[:3]] == [
        (True, False), (False, False), (False, True),
    ]  # fmt: skip


def test_a_severity_that_the_user_chose_stays() -> None:
    items = [one("EL001", (3, 5), LOW), one("EL900", (3, 5))]
    assert agreed(items, {"EL001": LOW}) == items


def test_a_match_by_the_line_alone_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault."""
    monkeypatch.setattr(room, "_line", lambda _item: ("c.yml", 1))
    items = [one("EL001", (3, 5)), one("EL900", (4, 5))]
    assert agreed(items) != items
