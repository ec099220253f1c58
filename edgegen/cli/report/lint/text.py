"""Findings on the terminal: what, where, the line with a mark, and what to do. Then one line that counts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from edgegen.cli.console import printable
from edgegen.cli.report.excerpt import LONGEST, Excerpt, drawn, excerpt
from edgegen.cli.report.lint.neighbours import without_neighbours
from edgegen.cli.screen import DIM, YELLOW, Look, Screen
from edgegen.core.columns import WIDEST
from edgegen.core.finding import Severity
from edgegen.core.lines import lines_of
from edgegen.core.location import Location
from edgegen.core.plural import plural
from edgegen.core.redact import redacted
from edgegen.lint.answer import Answer, Reported

COLOURS = {
    Severity.CRITICAL: "35;1", Severity.HIGH: "31;1", Severity.MEDIUM: "33;1", Severity.LOW: "36", Severity.INFO: "34",
}  # fmt: skip


def text(answer: Answer, look: Look) -> str:
    """The whole report."""
    lines: dict[str, list[str]] = {}
    blocks = ["\n".join(_block(item, _lines(answer, item, lines), look)) for item in answer.findings]
    if answer.unseen:
        blocks.append("\n".join(_unseen(item, look) for item in answer.unseen))
    if look.verbose and answer.suppressed:
        blocks.append("\n".join(_suppressed(answer)))
    return "\n\n".join([*blocks, "\n".join(look.screen.sentence(summary(answer), hanging="  "))])


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
    return f"{count} {plural(count, word)}"


def _lines(answer: Answer, item: Reported, known: dict[str, list[str]]) -> list[str]:
    where = item.result.finding.where
    file = where.file if where else ""
    if file not in known:
        known[file] = lines_of(answer.texts.get(file, ""))
    return known[file]


def _block(item: Reported, lines: list[str], look: Look) -> Iterator[str]:
    finding = item.result.finding
    head = f"{finding.severity.value} {finding.id} {printable(finding.name)}: {_said(finding.message)}"
    yield from _headed(head, finding.severity.value, COLOURS[finding.severity], look.screen)
    where = finding.where
    pad = " " * len(str(where.line if where else ""))
    if where:
        yield f"{pad}{look.screen.colour('-->', DIM)} {printable(str(where))}"
    room = LONGEST if look.screen.width is None else min(WIDEST, look.screen.width) - len(f"{pad} | ")
    shown = _excerpt(lines, where, room) if where and where.line else None
    if where and shown:
        yield from drawn(where.line, shown, look.screen.colour, COLOURS[finding.severity])
    if finding.hint:
        yield from look.screen.sentence(_sentence(finding.hint), lead=f"{pad} = ", hanging=f"{pad}   ")
    if item.result.fix:
        fix = f"--fix: {_said(item.result.fix.summary)}"
        yield from look.screen.sentence(fix, lead=f"{pad} = ", hanging=f"{pad}   ")


def _excerpt(lines: list[str], where: Location, room: int) -> Excerpt | None:
    hide = partial(without_neighbours, lines=lines, line=where.line)
    return excerpt(lines, where.line, where.column, hide=hide, longest=room)


def _unseen(item: Reported, look: Look) -> str:
    finding = item.result.finding
    where = f" {printable(str(finding.where))}:" if finding.where else ""
    name = f"{finding.id} {printable(finding.name)}: "
    hint = f". {_sentence(finding.hint)}" if finding.hint else ""
    line = f"unknown{where} {name}{_said(finding.message)}{hint}"
    return "\n".join(_headed(line, "unknown", YELLOW, look.screen))


def _suppressed(answer: Answer) -> Iterator[str]:
    for item in answer.suppressed:
        finding = item.result.finding
        reason = f": {printable(item.reason)}" if item.reason else ""
        yield f"suppressed {printable(str(finding.where or ''))}: {finding.id} {finding.name} ({item.by}{reason})"


def _headed(line: str, word: str, code: str, screen: Screen) -> list[str]:
    """The line in pieces that fit, its first word in a colour."""
    first, *others = screen.sentence(line, hanging="  ")
    return [screen.colour(word, code) + first[len(word) :], *others]


def _said(text: str) -> str:
    return printable(redacted(text)).replace("\n", " ")


def _sentence(text: str) -> str:
    said = _said(text)
    return said[:1].upper() + said[1:]
