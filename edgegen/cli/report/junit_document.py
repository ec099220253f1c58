"""JUnit XML: the document and its suites, as CI systems read them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from edgegen.cli.console import printable
from edgegen.core.finding import Finding

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def document(name: str, suites: Iterable[Element], seconds: float) -> str:
    """The run as one XML document."""
    from xml.etree.ElementTree import Element, indent, tostring

    root = Element("testsuites", name=name)
    root.extend(suites)
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", _seconds(seconds))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def suite(name: str, parts: Sequence[Element], started: str, seconds: float = 0.0) -> Element:
    """`started`: `2026-01-31T12:00:00`. The schemas in use don't allow a time zone there."""
    from xml.etree.ElementTree import Element

    cases = [part for part in parts if part.tag == "testcase"]
    made = Element(
        "testsuite",
        name=printable(name),
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        skipped="0",
        time=_seconds(seconds),
        timestamp=started,
    )
    made.extend(parts)
    return made


def case(subject: str, name: str, outcome: Element | None = None) -> Element:
    """One check of something; without an outcome it has passed."""
    from xml.etree.ElementTree import Element

    made = Element("testcase", classname=printable(subject), name=printable(name), time=_seconds(0))
    if outcome is not None:
        made.append(outcome)
    return made


def remark(text: str) -> Element:
    """The outcome of a check that has passed, with something to say."""
    from xml.etree.ElementTree import Element

    made = Element("system-out")
    made.text = printable(text)
    return made


def problem(tag: str, kind: str, message: str, text: str) -> Element:
    """The outcome of one that has not."""
    from xml.etree.ElementTree import Element

    made = Element(tag, type=printable(kind), message=printable(message))
    made.text = printable(text)
    return made


def told(finding: Finding, kind: str) -> str:
    """A finding in full: what, where, and how to fix it."""
    lines = (
        f"{kind}: {finding.message}",
        f"where: {finding.where}" if finding.where else "",
        f"how to fix: {finding.hint}" if finding.hint else "",
    )
    return "\n".join(line for line in lines if line)


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"
