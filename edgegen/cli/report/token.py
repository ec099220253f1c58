"""What `dns check-token` found, zone by zone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgegen.cli.console import printable
from edgegen.cli.report.group_text import COLOURS
from edgegen.cli.screen import DIM, Screen
from edgegen.core.finding import Finding
from edgegen.core.grade import grade

_HANGING = " " * 9


def token_text(findings: Iterable[Finding], screen: Screen) -> str:
    """One line for each on a screen without a width, and one for how to fix it."""
    return "\n".join(line for finding in findings for line in _lines(finding, screen))


def _lines(finding: Finding, screen: Screen) -> Iterator[str]:
    label = finding.outcome.value
    said = printable(f"{finding.subject}: {finding.message}")
    first, *more = screen.sentence(said, lead=f"{label:<8} ", hanging=_HANGING)
    yield screen.colour(label, COLOURS[grade(finding)]) + first[len(label) :]
    yield from more
    for line in screen.sentence(printable(finding.hint), lead=_HANGING, hanging=_HANGING) if finding.hint else ():
        yield _HANGING + screen.colour(line[len(_HANGING) :], DIM)
