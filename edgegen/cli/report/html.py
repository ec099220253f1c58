"""One self-contained HTML page: no scripts, no other files, no requests. Made by Jinja2 from `templates/report`.

Every value passes `printable` and is then escaped: names, messages and certificates come from others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from edgegen.cli.console import printable
from edgegen.cli.report import words
from edgegen.cli.report.grid import grid
from edgegen.cli.report.model import Report, Row, not_good
from edgegen.cli.report.timeline import timeline
from edgegen.cli.report.topology import lanes, state_grade
from edgegen.core.finding import Finding, Severity
from edgegen.core.grade import Grade
from edgegen.core.grade import grade as grade_of
from edgegen.graph.words import summary

_TEMPLATE = "report/verify.html.j2"
_LONG = 40
"""The number of rows shown at once; more are folded."""
_FEW = 5
"""The number of endpoints that the top of the page names with the worst that was found."""
_SMALL = 40
"""Nodes of a picture that is shown at once; a larger one is folded."""
_MANY = 200
"""With more endpoints the report is brief: no phone opens a page of many megabytes."""


class Card(Struct, frozen=True):
    """One endpoint on the page, its findings sorted by what a reader has to do about them."""

    id: str
    row: Row

    @property
    def urgency(self) -> tuple[int, int]:
        """How bad it is, and the severity of the worst that was found; the lowest comes first."""
        severities = (list(Severity).index(item.severity) for item in self.row.of(self.row.grade))
        return -self.row.grade.rank, min(severities, default=len(Severity))

    @property
    def told(self) -> list[Finding]:
        """What is not good, the worst first; without what was not seen because of it."""
        return not_good(self.row.findings)


def html(report: Report, overrides: Sequence[Path] = ()) -> str:
    """The page. Templates in the folders of `overrides` take precedence over edgegen's own."""
    cards = [Card(f"e{number}", row) for number, row in enumerate(report.rows, 1)]
    anchors = {id(card.row): card.id for card in cards}
    text: str = _environment(tuple(overrides)).get_template(_TEMPLATE).render(
        report=report,
        headline=words.headline(report),
        aside=words.aside(report),
        cards={
            item: sorted((card for card in cards if card.row.grade is item), key=lambda card: card.urgency)
            for item in Grade
        },
        anchor=lambda row: anchors[id(row)],
        urgent=sorted((card for card in cards if card.told), key=lambda card: card.urgency)[:_FEW],
        picture=_picture(report),
        lanes=() if report.topology else lanes(report.rows),
        grid=grid(_of_grid(report)),
        grades={row.grade for row in report.rows},
        timeline=timeline(report.rows, report.started),
        long=_LONG,
        small=_SMALL,
        brief=len(cards) > _MANY,
    )  # fmt: skip
    return text


def _picture(report: Report) -> Any:
    """The topology as markup, its hosts outlined by how they are; None where there is none."""
    if report.topology is None:
        return None
    from markupsafe import Markup

    from edgegen.graph.svg import inline

    marks: dict[str, Grade] = {}
    for row in report.rows:
        host = row.endpoint.shown
        marks[host] = max(marks.get(host, Grade.GOOD), row.grade, key=lambda item: item.rank)
    return Markup(inline(report.topology, marks))  # noqa: S704  # every text in it is escaped


def _of_grid(report: Report) -> Sequence[Row]:
    """The rows that the grid has room for: of very many, the first that are not good."""
    if len(report.rows) <= _MANY:
        return report.rows
    return [row for row in report.rows if row.grade is not Grade.GOOD][:_MANY]


@lru_cache(maxsize=4)
def _environment(overrides: tuple[Path, ...]) -> Any:
    from edgegen.render.environment import environment

    # The templates of `render` are YAML and text; here everything is escaped that a template does not write itself.
    result = environment(overrides).overlay(autoescape=True, finalize=_harmless)
    # New ones: an overlay shares these two with what `render` uses.
    of_words = {name: getattr(words, name) for name in ("day", "life", "moment", "size", "took")}
    result.filters = {**result.filters, **of_words, "state_grade": state_grade, "prose": _prose}
    own = {"Grade": Grade, "GRADES": words.GRADES, "SIGNS": words.SIGNS, "grade": grade_of, "summary": summary}
    result.globals = {**result.globals, **own}
    return result


def _harmless(value: Any) -> Any:
    """A value for the page, without control characters and bidirectional marks; markup is not changed."""
    return value if hasattr(value, "__html__") else printable(str(value))


def _prose(text: str) -> Any:
    """A sentence as markup: text between back-ticks becomes code. Escaped piece by piece."""
    from markupsafe import Markup, escape

    pieces = [escape(piece) for piece in printable(text).split("`")]
    if len(pieces) % 2 == 0:  # one back-tick has no partner
        return escape(printable(text))
    marked = (Markup("<code>{}</code>").format(piece) if number % 2 else piece for number, piece in enumerate(pieces))
    return Markup("").join(marked)
