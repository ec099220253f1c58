"""`edgegen rule ID`: the page of one rule or check."""

from __future__ import annotations

from typing import Annotated

import typer

from edgegen.cli import complete
from edgegen.cli.console import json_result, out
from edgegen.cli.options import Printing, Project

Id = Annotated[
    str, typer.Argument(metavar="ID", help="Id or name, e.g. EL001 or open-registry.", autocompletion=complete.rule)
]


def rule(id_: Id, project: Project, printing: Printing) -> int:
    """Explain one rule or check: what it does, why, an example, and what to write instead."""
    from edgegen.project.rule_pages import find_page

    page = find_page(id_)
    if printing.json:
        json_result("rule", True, rule=page.as_json())
    else:
        out(str(page))
    return 0
