"""`edgegen rules`: every rule and check by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli.console import json_result, out
from edgegen.cli.options import HERE, Directory, Environment, Json, Quiet, Verbose

if TYPE_CHECKING:
    from edgegen.core.page import Page

Long = Annotated[bool, typer.Option("--long", help="Print the page of each one.")]


def rules(
    long: Long = False,
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """List the rules and checks: of lint (EL), of edge.yaml (ER) and of verify (EV).

    Messages name these ids. `edgegen rule ID` explains one.
    """
    from edgegen.core.page import joined
    from edgegen.project.rule_pages import all_pages

    pages = all_pages()
    if json:
        json_result("rules", True, rules=[page.as_json() for page in pages])
    else:
        out(joined(pages) if long else _list(pages))
    return 0


def _list(pages: list[Page]) -> str:
    widest = max(len(page.name) for page in pages)
    return "\n".join(f"{page.id}  {page.name:<{widest}}  {page.title}" for page in pages)
