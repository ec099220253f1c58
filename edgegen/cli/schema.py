"""`edgegen schema`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from edgegen.cli.console import json_result, out
from edgegen.cli.options import Printing, Project

Form = Annotated[
    Literal["edge", "verify"],
    typer.Argument(
        metavar="FORM",
        help="edge: the spec, edge.yaml. verify: what `edgegen verify --json` prints.",
        show_default=True,
    ),
]


def schema(form: Form = "edge", *, project: Project, printing: Printing) -> int:
    """Print the JSON Schema of edge.yaml, or of what `verify --json` prints.

    Editors find that of edge.yaml at .edgegen/schema.json, where `init` and `render` keep it.
    """
    from edgegen.render.environment import schema as text

    if printing.json:
        from json import loads

        json_result("schema", True, schema=loads(text(form)))
    else:
        out(text(form).decode())
    return 0
