"""The links of a request, one under the other, the hints dimmed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from edgegen.cli.console import printable
from edgegen.cli.screen import DIM, GREEN, RED, YELLOW, Screen
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import State

if TYPE_CHECKING:
    from edgegen.project.explain import Explained
    from edgegen.verify.diagnosis import Link

_MARKS = {"good": ("good", GREEN), "broken": ("BROKEN", RED), "not-seen": ("?", YELLOW)}
_MARK, _HOP = 8, 12
_INDENT = " " * (_MARK + _HOP)


def explained_text(found: Explained, screen: Screen) -> str:
    """All links, and then the verdict. Text from others is made harmless."""
    lines = [line for link in found.links for line in _link(link, screen)]
    return "\n".join([*lines, *screen.sentence(printable(_verdict(found)))])


def _link(link: Link, screen: Screen) -> Iterator[str]:
    mark, colour = _MARKS[link.state.value]
    where = f" [{link.where}]" if link.where and link.state.value == "broken" else ""
    lead = f"{mark:<{_MARK}}{link.hop.value:<{_HOP}}"
    first, *rest = screen.sentence(printable(f"{link.message}{where}"), lead=lead, hanging=_INDENT)
    yield screen.colour(mark, colour) + first[len(mark) :].rstrip()
    yield from rest
    for remark in link.remarks:
        yield from screen.sentence(printable(remark), lead=_INDENT, hanging=_INDENT)
    if link.hint:
        for line in screen.sentence(printable(link.hint), lead=f"{_INDENT}-> ", hanging=f"{_INDENT}   "):
            yield _INDENT + screen.colour(line[len(_INDENT) :], DIM)


def _verdict(found: Explained) -> str:
    if found.incomplete:
        return "stopped before everything was checked"
    if found.first:
        where = f": see {found.first.where}" if found.first.where else ""
        answered = ", though this request is answered" if _is_answered(found, found.first) else ""
        return f"the first broken link is {found.first.hop.value}{answered}{where}"
    return "every link is good" if found.good else "no link is broken, as far as can be checked from here"


def _is_answered(found: Explained, first: Link) -> bool:
    """Whether only other requests suffer: those to plain HTTP, or uploads that take long."""
    if first.hop is not Hop.ENTRYPOINT or found.subject.url.lower().startswith("http://"):
        return False
    return all(link.state is State.GOOD for link in found.links if link.hop in (Hop.ROUTER, Hop.SERVICE))
