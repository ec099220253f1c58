"""A fault that a rule and the real Traefik both report is one finding: the rule's, with what Traefik says. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence

from msgspec.structs import replace

from edgegen.core.finding import Finding
from edgegen.lint.answer import RANKS, Reported, is_at_least
from edgegen.lint.own.el900_traefik_says import RULE as SAYS
from edgegen.lint.own.el902_rule_and_traefik_disagree import RULE as DISAGREE

_SAID_BY = "said by "


def agreed(reported: Sequence[Reported], configured: Container[str] = ()) -> list[Reported]:
    """Without what Traefik says of a line that a rule reports: the finding is as severe as the more severe of the two.

    `configured`: rules with a severity of the user's choice, which stays; what Traefik says counts besides.
    """
    found = list(reported)
    for said in [item for item in reported if item.is_seen and item.result.finding.id == SAYS.id]:
        if rule := _same_fault(said, found, configured):
            found[found.index(rule)] = _with_note(rule, said.result.finding)
            found.remove(said)
    return found


def _same_fault(said: Reported, found: Sequence[Reported], configured: Container[str]) -> Reported | None:
    """The rule's finding of that place; where several are in the line, that of the same column."""
    near = [item for item in found if item.is_seen and _line(item) == _line(said) and _line(said) is not None]
    others = [item for item in near if item.result.finding.id == SAYS.id and item is not said]
    rules = [item for item in near if item.result.finding.id not in (SAYS.id, DISAGREE.id)]
    if len(rules) != 1 or others:
        rules = [item for item in rules if item.result.finding.where == said.result.finding.where]
    severity = said.result.finding.severity.value
    fitting = [
        item
        for item in rules
        if item.result.finding.id not in configured or is_at_least(item.result.finding.severity, severity)
    ]
    return min(fitting, key=lambda item: RANKS[item.result.finding.severity], default=None)


def _line(item: Reported) -> tuple[str, int] | None:
    where = item.result.finding.where
    return (where.file, where.line) if where and where.line else None


def _with_note(rule: Reported, said: Finding) -> Reported:
    who, _, words = said.hint.partition(" says: ")
    note = f"{who.removeprefix(_SAID_BY)} says so, too: {words or said.message}"
    finding = rule.result.finding
    stop = "" if finding.hint.endswith(("?", ".")) else "."
    hint = f"{finding.hint}{stop} {note}" if finding.hint else note
    worse = min(finding.severity, said.severity, key=RANKS.__getitem__)
    return replace(rule, result=replace(rule.result, finding=replace(finding, hint=hint, severity=worse)))
