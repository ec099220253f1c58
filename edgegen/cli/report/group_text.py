"""Groups of findings as blocks of lines: the fault, its hosts in bold, and dimmed how to fix it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgegen.cli.console import printable
from edgegen.cli.report.groups import Group, Part
from edgegen.cli.screen import BOLD, CYAN, DIM, GREEN, RED, YELLOW, Screen
from edgegen.core.columns import width
from edgegen.core.grade import Grade

COLOURS = {Grade.GOOD: GREEN, Grade.REMARK: CYAN, Grade.UNKNOWN: YELLOW, Grade.BAD: RED}
INDENT, _DEEPER = "    ", "      "
_LISTED = 10
"""Subjects that have a line each on a terminal, with their line of the spec; more of them flow."""
_NAMED = 50
"""Subjects that are named at all on a terminal."""
_PLACED = 40
"""Columns of a name up to which the lines of the spec are in one column."""


def block(group: Group, screen: Screen, *, every: bool = False) -> str:
    """One group. `every`: all of its subjects have a line each."""
    return "\n".join(_lines(group, screen, every=every or screen.width is None))


def _lines(group: Group, screen: Screen, *, every: bool) -> Iterator[str]:
    together = len(group.parts) == 1
    said = f"{group.name}: {group.parts[0].message}" if together else group.name
    yield from headed(group.grade, said, screen, id_=group.id)
    for number, part in enumerate(group.parts):
        if not together:
            yield from screen.sentence(printable(part.message), lead=INDENT, hanging=INDENT)
        yield from _subjects(part, screen, INDENT if together else _DEEPER, every=every)
        if part.hint not in (other.hint for other in group.parts[number + 1 :]):
            yield from _hint(part.hint, screen)


def headed(grade: Grade, said: str, screen: Screen, *, id_: str = "") -> Iterator[str]:
    """A sentence that begins with its grade, and the id of the check."""
    lead = f"{grade.value} {id_} " if id_ else f"{grade.value} "
    first, *rest = screen.sentence(printable(said), lead=lead, hanging=INDENT)
    yield (
        screen.colour(grade.value, COLOURS[grade])
        + (f" {screen.colour(id_, DIM)} " if id_ else " ")
        + first[len(lead) :]
    )
    yield from rest


def _subjects(part: Part, screen: Screen, indent: str, *, every: bool) -> Iterator[str]:
    placed = dict.fromkeys((printable(item.subject), printable(str(item.where or ""))) for item in part.findings)
    if every or len(placed) <= _LISTED:
        yield from listed(list(placed), screen, indent)
    else:
        yield from flowing([name for name, _ in placed], screen, indent)


def listed(placed: Sequence[tuple[str, str]], screen: Screen, indent: str = INDENT) -> Iterator[str]:
    """Names in bold, a line each, with their places."""
    widest = max((size for name, _ in placed if (size := width(name)) <= _PLACED), default=0)
    for name, place in placed:
        line, gap = indent + screen.colour(name, BOLD), max(0, widest - width(name)) + 2
        if not place:
            yield line
        elif screen.width and len(indent) + width(name) + gap + width(place) > screen.width:
            yield line
            yield f"{indent}  {screen.colour(place, DIM)}"
        else:
            yield f"{line}{' ' * gap}{screen.colour(place, DIM)}"


def flowing(names: Sequence[str], screen: Screen, indent: str, *, lead: str = "") -> Iterator[str]:
    """Names in bold, as many on a line as fit. `lead` takes the place of the first line's indent."""
    more = len(names) - _NAMED
    words = ", ".join(names[:_NAMED]) + (f" and {more:,} more (-v lists them)" if more > 0 else "")
    first, *rest = screen.sentence(words, lead=lead or indent, hanging=indent)
    yield first[: len(lead or indent)] + screen.colour(first[len(lead or indent) :], BOLD)
    yield from (indent + screen.colour(line[len(indent) :], BOLD) for line in rest)


def _hint(hint: str, screen: Screen) -> Iterator[str]:
    if hint:
        for line in screen.sentence(printable(hint), lead=f"{INDENT}-> ", hanging=f"{INDENT}   "):
            yield line[: len(INDENT)] + screen.colour(line[len(INDENT) :], DIM)
