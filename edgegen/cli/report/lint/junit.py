"""JUnit XML: a suite for each file, a case for each finding.

At or above `--fail-on` it is a failure; below, a pass with text. What could not be seen is a pass with text, and an
error with `--strict`. A file without findings has one case that passes. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from edgegen.cli.console import printable
from edgegen.cli.report.lint.json import harmless
from edgegen.lint.answer import Answer, Reported, is_at_least

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RUN = "edgegen lint"


def junit(answer: Answer, started: str, seconds: float) -> str:
    """The run as one XML document. `started`: `2026-01-31T12:00:00`."""
    from xml.etree.ElementTree import Element, indent, tostring

    by_file: dict[str, list[Reported]] = {name: [] for name in answer.texts}
    for item in answer.reported:
        where = item.result.finding.where
        by_file.setdefault(where.file if where else _RUN, []).append(item)
    root = Element("testsuites", name=_RUN)
    for file, items in by_file.items():
        root.append(_suite(file, list(_cases(file, items, answer)), started))
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", f"{seconds:.3f}")
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(file: str, cases: list[Element], started: str) -> Element:
    from xml.etree.ElementTree import Element

    suite = Element(
        "testsuite",
        name=printable(file),
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        skipped="0",
        time="0.000",
        timestamp=started,
    )
    suite.extend(cases)
    return suite


def _cases(file: str, items: list[Reported], answer: Answer) -> Iterator[Element]:
    from xml.etree.ElementTree import Element, SubElement

    names: dict[str, int] = {}
    for item in items:
        finding = harmless(item.result.finding)
        name = f"{finding.id} {finding.name}: {finding.subject}"
        names[name] = names.get(name, 0) + 1
        number = f" {names[name]}" if names[name] > 1 else ""
        case = Element("testcase", classname=printable(file), name=printable(f"{name}{number}"), time="0.000")
        problem = _problem(item, answer)
        if problem:
            SubElement(case, problem, type=finding.severity.value, message=printable(finding.message)).text = _text(
                item
            )
        else:
            SubElement(case, "system-out").text = _text(item)
        yield case
    if not items:
        yield Element("testcase", classname=printable(file), name="no findings", time="0.000")


def _problem(item: Reported, answer: Answer) -> str | None:
    if item.is_seen:
        return "failure" if is_at_least(item.result.finding.severity, answer.fail_on) else None
    return "error" if answer.strict else None


def _text(item: Reported) -> str:
    finding = harmless(item.result.finding)
    lines = (
        f"{finding.severity.value if item.is_seen else 'unknown'}: {finding.message}",
        f"where: {finding.where}" if finding.where else "",
        f"how to fix: {finding.hint}" if finding.hint else "",
    )
    return printable("\n".join(line for line in lines if line))
