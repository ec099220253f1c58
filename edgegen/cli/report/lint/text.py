"""Findings on the terminal: what, where, the line with a mark, and what to do. Then one line that counts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from edgegen.cli.console import printable
from edgegen.cli.report.lint.excerpt import excerpt, lines_of
from edgegen.core.finding import Severity
from edgegen.core.redact import redacted
from edgegen.lint.answer import Answer, Reported

Colour = Callable[[str, str], str]
COLOURS = {
    Severity.CRITICAL: "35;1", Severity.HIGH: "31;1", Severity.MEDIUM: "33;1", Severity.LOW: "36", Severity.INFO: "34",
}  # fmt: skip
_DIM, _UNKNOWN = "2", "33"


@dataclass(frozen=True, slots=True)
class Look:
    """How it is shown."""

    verbose: bool = False
    colour: Colour = lambda text, _code: text


def text(answer: Answer, look: Look) -> str:
    """The whole report."""
    lines: dict[str, list[str]] = {}
    blocks = ["\n".join(_block(item, _lines(answer, item, lines), look)) for item in answer.findings]
    if answer.unseen:
        blocks.append("\n".join(_unseen(item, look) for item in answer.unseen))
    if look.verbose and answer.suppressed:
        blocks.append("\n".join(_suppressed(answer)))
    return "\n\n".join([*blocks, summary(answer)])


def summary(answer: Answer) -> str:
    """`3 findings in 2 files: 1 high, 2 medium (1 can be fixed by --fix); 2 could not be seen; 1 suppressed`."""
    files = _number(len(answer.texts), "file")
    by_severity = ", ".join(f"{number} {word}" for word, number in answer.counts.items() if number)
    found = len(answer.findings)
    parts = [f"{_number(found, 'finding')} in {files}: {by_severity}" if found else f"no findings in {files}"]
    if answer.fixable:
        parts[0] += f" ({answer.fixable} can be fixed by --fix)"
    if answer.fixed:
        parts.insert(0, f"{answer.fixed} fixed")
    if answer.unseen:
        parts.append(f"{len(answer.unseen)} could not be seen")
    if answer.suppressed:
        parts.append(f"{len(answer.suppressed)} suppressed")
    return "; ".join(parts)


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _lines(answer: Answer, item: Reported, known: dict[str, list[str]]) -> list[str]:
    where = item.result.finding.where
    file = where.file if where else ""
    if file not in known:
        known[file] = lines_of(answer.texts.get(file, ""))
    return known[file]


def _block(item: Reported, lines: list[str], look: Look) -> Iterator[str]:
    finding = item.result.finding
    head = look.colour(finding.severity.value, COLOURS[finding.severity])
    yield f"{head} {finding.id} {printable(finding.name)}: {_said(finding.message)}"
    where = finding.where
    pad = " " * len(str(where.line if where else ""))
    if where:
        yield f"{pad}{look.colour('-->', _DIM)} {printable(str(where))}"
    shown = excerpt(lines, where.line, where.column) if where and where.line else None
    if where and shown:
        bar = look.colour("|", _DIM)
        yield f"{pad} {bar}"
        yield f"{look.colour(str(where.line), _DIM)} {bar} {shown.text}"
        mark = look.colour("^" * shown.width, COLOURS[finding.severity])
        yield f"{pad} {bar} {' ' * shown.column}{mark}"
    if finding.hint:
        yield f"{pad} = {_sentence(finding.hint)}"
    if item.result.fix:
        yield f"{pad} = --fix: {_said(item.result.fix.summary)}"


def _unseen(item: Reported, look: Look) -> str:
    finding = item.result.finding
    where = f" {printable(str(finding.where))}:" if finding.where else ""
    name = f"{finding.id} {printable(finding.name)}: "
    hint = f". {_sentence(finding.hint)}" if finding.hint else ""
    return f"{look.colour('unknown', _UNKNOWN)}{where} {name}{_said(finding.message)}{hint}"


def _suppressed(answer: Answer) -> Iterator[str]:
    for item in answer.suppressed:
        finding = item.result.finding
        reason = f": {printable(item.reason)}" if item.reason else ""
        yield f"suppressed {printable(str(finding.where or ''))}: {finding.id} {finding.name} ({item.by}{reason})"


def _said(text: str) -> str:
    return printable(redacted(text)).replace("\n", " ")


def _sentence(text: str) -> str:
    said = _said(text)
    return said[:1].upper() + said[1:]
