"""JUnit XML: a suite for each file, a case for each finding.

At or above `--fail-on` it is a failure; below, a pass with text. What could not be seen is a pass with text, and an
error with `--strict`. A file without findings has one case that passes. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from edgegen.cli.report.junit_document import case, document, problem, remark, suite, told
from edgegen.cli.report.lint.json import harmless
from edgegen.lint.answer import Answer, Reported, is_at_least

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RUN = "edgegen lint"


def junit(answer: Answer, started: str, seconds: float) -> str:
    """The run as one XML document. `started`: `2026-01-31T12:00:00`."""
    by_file: dict[str, list[Reported]] = {name: [] for name in answer.texts}
    for item in answer.reported:
        where = item.result.finding.where
        by_file.setdefault(where.file if where else _RUN, []).append(item)
    suites = (suite(file, list(_cases(file, items, answer)), started) for file, items in by_file.items())
    return document(_RUN, suites, seconds)


def _cases(file: str, items: list[Reported], answer: Answer) -> Iterator[Element]:
    names: dict[str, int] = {}
    for item in items:
        finding = harmless(item.result.finding)
        name = f"{finding.id} {finding.name}: {finding.subject}"
        names[name] = names.get(name, 0) + 1
        number = f" {names[name]}" if names[name] > 1 else ""
        yield case(file, f"{name}{number}", _outcome(item, answer))
    if not items:
        yield case(file, "no findings")


def _outcome(item: Reported, answer: Answer) -> Element:
    tag, finding = _problem(item, answer), harmless(item.result.finding)
    text = told(finding, finding.severity.value if item.is_seen else "unknown")
    return problem(tag, finding.severity.value, finding.message, text) if tag else remark(text)


def _problem(item: Reported, answer: Answer) -> str | None:
    if item.is_seen:
        return "failure" if is_at_least(item.result.finding.severity, answer.fail_on) else None
    return "error" if answer.strict else None
