"""Annotations for GitHub Actions. It shows ten of each level for a step, so the worst come first. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.cli.report.github import annotation, command
from edgegen.cli.report.lint.json import harmless
from edgegen.cli.report.lint.text import summary
from edgegen.core.finding import Severity
from edgegen.core.location import Location
from edgegen.lint.answer import Answer, Reported

_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning"}


def github(answer: Answer) -> str:
    """One line for each finding, one for what could not be seen in a file, and the summary."""
    ranks = list(Severity)
    worst_first = sorted(answer.findings, key=lambda item: ranks.index(item.result.finding.severity))
    return "\n".join([*map(_line, worst_first), *_unseen(answer), f"edgegen lint: {summary(answer)}"])


def _line(item: Reported) -> str:
    finding = harmless(item.result.finding)
    return annotation(_LEVELS.get(finding.severity, "notice"), finding)


def _unseen(answer: Answer) -> Iterator[str]:
    by_file: dict[str, list[Reported]] = {}
    for item in answer.unseen:
        where = item.result.finding.where
        by_file.setdefault(where.file if where else "", []).append(item)
    for file, items in by_file.items():
        messages = dict.fromkeys(_placed(item) for item in items)
        where = Location(file) if file else None
        yield command("notice", where, "could not be seen", "\n".join(messages))


def _placed(item: Reported) -> str:
    finding = harmless(item.result.finding)
    return f"line {finding.where.line}: {finding.message}" if finding.where and finding.where.line else finding.message
