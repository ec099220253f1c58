"""Lint and the real Traefik about more than a thousand small stacks with one change each.

Nothing that Traefik reports may be missed, and nothing that it takes and serves may be called a fault of severity high.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import edgegen.lint.engine
from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.lint.engine import lint
from edgegen.lint.rules import rules
from tests.lab.traefiks import traefik
from tests.lint.stack_cases import Case, all_cases
from tests.lint.stacks import DYNAMIC, NEWEST, Said, ask, name, whole
from tests.lint.support import project
from tests.sizes import is_proof, some

pytestmark = pytest.mark.slow  # real Traefiks, a second each

CASES = all_cases()
FATAL = ("basicauth.users=", "only basicauth.realm", "two kinds with basicauth.realm")
"""Without users Traefik 3.6.15 shows no router at all: every other case would fail with these."""
OLDER = ("3.0.4", "3.2.3", "3.3.6", "3.4.3", "3.5.3", "3.6.15", "3.7.4")
"""One of each minor, and of the newest one more."""
FIRST_OF_OTHERS = "EL040"
"""From here on rules are about more than labels: that Docker 29 refuses a Traefik does not show here."""
PASSED_OVER = {"EL004", "EL013"}
"""Traefik shows such a route and says nothing: it is open to everyone, or ends in 504."""
OF_NO_CONCERN = {"EL004", "EL024", "EL026", "EL028", "EL031", "EL033"}
"""What these report is never a line of Traefik's: they don't count as having reported one."""


def judged(cases: Sequence[Case], version: str = NEWEST) -> tuple[list[str], list[str]]:
    """(what Traefik reports and lint does not, what lint calls high and Traefik serves)"""
    texts = [whole(text.replace("#", name(index)), version=version) for index, (_, text) in enumerate(cases)]
    answers = ask(texts, binary=traefik(version)) if version != NEWEST else ask(texts)
    missed, alarms = [], []
    for index, (case, said) in enumerate(zip(cases, answers, strict=True)):
        findings = [item.finding for item in lint(project(texts[index], files={"dynamic/all.yml": DYNAMIC}))]
        if is_bad(case, said, index) and not any(map(counts, findings)):
            missed.append(f"{case[0]}: {said.faults[:1]}")
        if not is_bad(case, said, index) and (high := [item for item in findings if is_high(item)]):
            alarms.append(f"{case[0]}: {high[0].id} {high[0].message}")
    return missed, alarms


def is_bad(case: Case, said: Said, index: int) -> bool:
    """Whether Traefik complains, or the stack's router is not there although nobody turned it off."""
    there = any(router.startswith(f"{name(index)}@") for router in said.routers)
    return bool(said.faults) or not (there or case[0] == "enable false")


def counts(finding: Finding) -> bool:
    """Whether it may be what Traefik means. A port that only the image knows can't be seen in files."""
    unseen_port = finding.id == "EL014" and finding.outcome is Outcome.UNKNOWN
    failed = finding.outcome is Outcome.FAIL or unseen_port
    return failed and finding.id < FIRST_OF_OTHERS and finding.id not in OF_NO_CONCERN


def is_high(finding: Finding) -> bool:
    is_severe = finding.severity in (Severity.HIGH, Severity.CRITICAL)
    return is_severe and finding.id < FIRST_OF_OTHERS and finding.id not in PASSED_OVER


def test_nothing_is_missed_and_nothing_is_called_a_fault_that_works() -> None:
    assert judged(some(CASES, 5)) == ([], [])


@pytest.mark.parametrize("version", OLDER if is_proof() else OLDER[:1])
def test_older_versions(version: str) -> None:
    assert judged([case for case in some(CASES, 19) if case[0] not in FATAL], version) == ([], [])


def test_a_rule_that_is_left_out_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    without = tuple(item for item in rules() if item[0].id not in ("EL005", "EL018"))
    monkeypatch.setattr(edgegen.lint.engine, "asked", lambda _: without)
    missed, alarms = judged([case for case in CASES if case[0].startswith(("middlewares=", "rule Hots"))])
    assert len(missed) > 5
    assert not alarms


def test_a_rule_that_cries_wolf_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "edgegen.lint.rules.el009_resolver_undefined"
    monkeypatch.setattr(f"{module}._OPTION", "service")
    _, alarms = judged([case for case in CASES if case[0] == "http: nothing"])
    assert [alarm.partition(" this Traefik")[0] for alarm in alarms] == ["http: nothing: EL009"]
