"""Findings taken together, and what the exit code says of them."""

from __future__ import annotations

import pytest

from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.core.grade import grade, worst

PASS, FAIL, UNKNOWN = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN


def finding(outcome: Outcome, severity: Severity = Severity.INFO) -> Finding:
    return Finding("EV000", "x", severity, outcome, "a.test", "")


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([], 4),
        ([finding(PASS)], 0),
        ([finding(PASS), finding(FAIL, Severity.LOW), finding(FAIL, Severity.INFO)], 0),
        ([finding(PASS), finding(UNKNOWN)], 4),
        ([finding(UNKNOWN), finding(FAIL, Severity.LOW)], 4),
        ([finding(UNKNOWN), finding(FAIL, Severity.MEDIUM)], 1),
        ([finding(FAIL, Severity.HIGH)], 1),
        ([finding(PASS), finding(FAIL, Severity.CRITICAL), finding(UNKNOWN)], 1),
    ],
)
def test_exit_codes(findings: list[Finding], code: int) -> None:
    assert worst(map(grade, findings)).exit_code == code
