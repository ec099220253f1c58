"""SARIF 2.1.0, as GitHub's code scanning and editors read it. Pure.

What could not be seen is a notification of the run, not a result. Suppressed findings are results with a suppression:
viewers hide them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from edgegen.cli.console import printable
from edgegen.cli.report.lint.json import harmless
from edgegen.core.finding import Finding, Severity
from edgegen.core.location import Location
from edgegen.core.page import Page
from edgegen.core.redact import redacted_line
from edgegen.lint.answer import Answer
from edgegen.lint.results import Result
from edgegen.lint.rule import Confidence, Edit

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note",
    Severity.INFO: "note",
}  # fmt: skip
_PRECISION = {Confidence.HIGH: "very-high", Confidence.MEDIUM: "high", Confidence.LOW: "medium"}
_ROOT = "%SRCROOT%"


def sarif(answer: Answer, pages: Mapping[str, Page], version: str) -> str:
    """The run as one JSON document. `pages`: of every rule, by its id."""
    shown = [(item.result, item.fingerprint, None) for item in answer.findings]
    hidden = [(item.result, item.fingerprint, item) for item in answer.suppressed]
    rules = list(dict.fromkeys(result.finding.id for result, _, _ in (*shown, *hidden)))
    results = []
    for result, fingerprint, suppressed in (*shown, *hidden):
        one = _result(result, fingerprint, rules.index(result.finding.id))
        if suppressed is not None:
            kind = "inSource" if suppressed.by == "comment" else "external"
            one["suppressions"] = [{"kind": kind, "justification": printable(suppressed.reason)}]
        results.append(one)
    severities = {result.finding.id: (result.rule.severity, result.confidence) for result, _, _ in (*shown, *hidden)}
    run = {
        "tool": {
            "driver": {
                "name": "edgegen",
                "semanticVersion": version,
                "rules": [_rule(number, pages.get(number), *severities[number]) for number in rules],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "exitCode": answer.exit_code,
                "toolExecutionNotifications": [_notification(item.result.finding) for item in answer.unseen],
            }
        ],
        "artifacts": [{"location": _artifact(name)} for name in answer.texts],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=True)


def _rule(number: str, page: Page | None, severity: Severity, confidence: Confidence) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": number,
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"precision": _PRECISION[confidence], "tags": ["traefik", "docker-compose"]},
    }
    if page is not None:
        found["name"] = "".join(part.capitalize() for part in page.name.split("-"))
        found["shortDescription"] = {"text": page.title}
        found["fullDescription"] = {"text": page.part("What it does") or page.title}
        found["help"] = {"text": str(page), "markdown": markdown(page)}
    return found


def markdown(page: Page) -> str:
    """A page with its headings as headings."""
    lines = [f"# {page.id} {page.name}: {page.title}"]
    for line in page.body.splitlines():
        lines += [f"## {line}", ""] if line and not line.startswith(" ") else [line.removeprefix("    ")]
    return "\n".join(lines).rstrip() + "\n"


def _result(result: Result, fingerprint: str, index: int) -> dict[str, Any]:
    finding = harmless(result.finding)
    text = f"{finding.message}. {finding.hint[:1].upper()}{finding.hint[1:]}" if finding.hint else finding.message
    found: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": printable(text)},
        "properties": {"severity": finding.severity.value, "subject": printable(finding.subject)},
    }
    if finding.where:
        found["locations"] = [_location(finding.where)]
    if fingerprint:
        found["partialFingerprints"] = {"primaryLocationLineHash": fingerprint, "edgegen/v1": fingerprint}
    if result.fix and not any(redacted_line(edit.text) != edit.text for edit in result.fix.edits):
        found["fixes"] = [
            {"description": {"text": printable(result.fix.summary)}, "artifactChanges": _changes(result.fix.edits)}
        ]
    return found


def _notification(finding: Finding) -> dict[str, Any]:
    finding = harmless(finding)
    found: dict[str, Any] = {
        "level": "note",
        "descriptor": {"id": finding.id},
        "message": {"text": printable(finding.message)},
    }
    if finding.where:
        found["locations"] = [_location(finding.where)]
    return found


def _location(where: Location) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(where.file)}
    if where.line:
        place["region"] = {"startLine": where.line, "startColumn": max(where.column, 1)}
    return {"physicalLocation": place}


def _artifact(name: str) -> dict[str, Any]:
    """A path as a URI: relative to the checkout, or absolute."""
    path = name.replace("\\", "/")
    if path.startswith("/"):
        return {"uri": f"file://{quote(path)}"}
    return {"uri": quote(path.removeprefix("./")), "uriBaseId": _ROOT}


def _changes(edits: Iterable[Edit]) -> list[dict[str, Any]]:
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(edit.file.name, []).append(edit)
    return [
        {"artifactLocation": _artifact(name), "replacements": [_replacement(edit) for edit in group]}
        for name, group in by_file.items()
    ]


def _replacement(edit: Edit) -> dict[str, Any]:
    start, end = edit.file.location_at(edit.start), edit.file.location_at(edit.end)
    region = {
        "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
    }  # fmt: skip
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}
