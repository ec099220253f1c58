"""`edgegen rules`: every rule and check by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from edgegen.cli.commands import option
from edgegen.cli.console import json_result, out
from edgegen.cli.options import Printing, Project
from edgegen.cli.screen import BOLD, screen
from edgegen.core.columns import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgegen.cli.screen import Screen
    from edgegen.core.page import Page

_LEAST, _UNDER = 24, " " * 7
Long = Annotated[bool, option("--long", "Print the page of each one.")]


def rules(long: Long = False, *, project: Project, printing: Printing) -> int:
    """List the rules and checks: of lint (EL), of edge.yaml (ER) and of verify (EV).

    Messages name these ids. `edgegen rule ID` explains one.
    """
    from edgegen.core.page import joined
    from edgegen.project.rule_pages import all_pages

    pages = all_pages()
    if printing.json:
        json_result("rules", True, rules=[page.as_json() for page in pages])
    else:
        out(joined(pages) if long else _list(pages, screen()))
    return 0


def _list(pages: list[Page], shown: Screen) -> str:
    widest = max(len(page.name) for page in pages)
    return "\n".join(line for page in pages for line in _line(page, widest, shown))


def _line(page: Page, widest: int, shown: Screen) -> Iterator[str]:
    """On a narrow terminal the title is under the name."""
    plain = f"{page.id}  {page.name:<{widest}}  "
    painted = f"{shown.colour(page.id, BOLD)}  {page.name:<{widest}}  "
    if shown.width and len(plain) + _LEAST > shown.width:
        yield painted.rstrip()
        yield from wrapped(page.title, shown.width, lead=_UNDER, hanging=_UNDER)
    else:
        first, *more = wrapped(page.title, shown.width, lead=plain, hanging=" " * len(plain))
        yield painted + first[len(plain) :]
        yield from more
