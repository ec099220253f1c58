"""Where a rule of lint and the real Traefik disagree: a bug in edgegen, shown with both statements for a report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.lint.model import Project
from edgegen.lint.own.el902_rule_and_traefik_disagree import RULE as DISAGREE
from edgegen.lint.results import Result, stated
from edgegen.lint.rules.el018_rule_invalid import RULE as INVALID
from edgegen.lint.rules.el021_defined_twice import RULE as TWICE
from edgegen.lint.rules.el058_entrypoint_reference import RULE as OF_ENTRYPOINTS
from edgegen.project.asking.said import STOPPED
from edgegen.traefik.version import NEWEST, Version

REPORT = "this is a bug in edgegen: please report it with these lines"
_DENIES = re.compile(r"Traefik (?:\S+ )?(?:drops|refuses|rejects|does not start|ends|exits)|drops the whole")
"""What a rule says in these words must be confirmed."""

_ELSEWHERE = {TWICE.id: "containers define one", INVALID.id: "HostSNI matcher"}
"""Rule -> what Traefik says without naming the place that the rule reports."""
_NOT_ASKED = ("EL073",)
"""Rules about the host, on which Traefik is not asked: the store is another one there."""
_FROM_ENTRYPOINT = re.compile(r"certificate resolver|middleware|TLS options")


def results(project: Project, rules: Sequence[Result], said: Sequence[Result], version: Version) -> Iterator[Result]:
    """What only Traefik or only a rule denies. Another minor than the stack's own proves nothing."""
    wanted = project.version
    if wanted is not None and (wanted.major, wanted.minor) not in (
        (version.major, version.minor),
        (version.major, NEWEST),
    ):
        return
    by_rules = [item.finding for item in rules if item.finding.outcome is Outcome.FAIL]
    heard = [item.finding for item in said if item.finding.severity is Severity.HIGH]
    by_traefik = [finding for finding in heard if finding.outcome is Outcome.FAIL]
    for finding in by_traefik:
        if not any(_same_subject(finding, other) or _is_cause(other, finding) for other in by_rules):
            yield _result(finding, f"Traefik reports this, and no rule does: {finding.message}")
    if any(finding.message.startswith(STOPPED) for finding in by_traefik):
        return  # it stopped at the first fault, and reports nothing about the others
    for finding in by_rules:
        denies = finding.severity in (Severity.HIGH, Severity.CRITICAL) and _DENIES.search(finding.message)
        if finding.id in _NOT_ASKED:
            continue
        # What it says of a container with unset variables is not sure, and no denial of what the rule says either.
        if denies and not any(_same_subject(finding, other) or _is_cause(finding, other) for other in heard):
            yield _result(finding, f"{finding.id} reports this, and Traefik {version} takes it: {finding.message}")


def _same_subject(one: Finding, other: Finding) -> bool:
    if one.where is not None and other.where is not None and one.where.file == other.where.file:
        return one.subject == other.subject or one.where.line == other.where.line
    return one.subject == other.subject


def _is_cause(rule: Finding, said: Finding) -> bool:
    """Whether it is the same fault at another place: that of the entrypoint, of the other definition, of the rule."""
    if rule.id in _ELSEWHERE:
        return _ELSEWHERE[rule.id] in said.message
    return rule.id == OF_ENTRYPOINTS.id and bool(_FROM_ENTRYPOINT.search(said.message))


def _result(finding: Finding, message: str) -> Result:
    return stated(DISAGREE, Outcome.FAIL, finding.subject, message, finding.where, hint=REPORT)
