"""`edgegen graph`: the project as a picture."""

from __future__ import annotations

import os
import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from edgegen.cli.commands import option
from edgegen.cli.console import is_utf_8, json_result, note, out
from edgegen.cli.options import Printing, Project
from edgegen.core.errors import UsageError

if TYPE_CHECKING:
    from edgegen.graph.model import Graph

Form = Literal["mermaid", "dot", "svg"]
_BY_SUFFIX: dict[str, Form] = {".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".svg": "svg"}
_PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf"))
"""What a reader may wish for: a file of such a name with text in it would open nowhere."""

Format = Annotated[
    Form | None,
    option(
        "--format",
        "mermaid for GitHub, GitLab and wikis, dot for Graphviz, svg for a picture. Default: by the name of --output, "
        "else mermaid.",
    ),
]
Output = Annotated[
    Path | None,
    option("-o --output", "Write to a file; an existing file is replaced only if `edgegen graph` wrote it.", "FILE"),
]
Everything = Annotated[
    bool, option("--all", "Also draw the routers that only redirect to HTTPS, and the edge's own containers.")
]


def graph(
    form: Format = None, output: Output = None, everything: Everything = False, *, project: Project, printing: Printing
) -> int:
    """Draw what requests pass: hosts, routers, middlewares, services and their networks.

    The picture is of edge.yaml: no engine is asked. To see what is running, use `edgegen explain URL`.
    """
    from edgegen.cli.report_files import report_file
    from edgegen.project.graph import picture

    if printing.json and (form is not None or output is not None):
        raise UsageError("--json prints the graph as data", hint="leave out --format and --output")
    form = form or (_form_of(output) if output else None)
    file = None if output is None else report_file("-o", output, is_graph)
    found = picture(project.directory, project.environment, environ=os.environ, everything=everything)
    if printing.json:
        json_result("graph", True, graph=found.as_json())
        return 0
    drawn: Callable[[Graph], str] = pkgutil.resolve_name(_DRAWN[form or "mermaid"])
    text = drawn(found)
    if file is None:
        out(text if is_utf_8(sys.stdout) else _in_ascii(text))
    else:
        file.put(text.encode())
        note(f"wrote {output}")
    return 0


def _form_of(file: Path) -> Form:
    suffix = file.suffix.lower()
    if suffix in _PICTURES:
        hint = f"write `{file.with_suffix('.svg').name}`: browsers show it, and print it as PDF"
        raise UsageError(f"a graph can't be written as `{suffix}`", hint=hint)
    return _BY_SUFFIX.get(suffix, "mermaid")


def is_graph(content: bytes) -> bool:
    """Whether `graph -o` has made it."""
    from edgegen.graph import dot, mermaid, svg

    beginnings = (mermaid.MARK, dot.MARK, f'<?xml version="1.0" encoding="UTF-8"?>\n{svg.MARK}')
    return content.startswith(tuple(item.encode() for item in beginnings))


def _in_ascii(text: str) -> str:
    """For a stdout that is not UTF-8, the encoding of SVG and DOT: both read character references."""
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


_DRAWN: dict[Form, str] = {
    "mermaid": "edgegen.graph.mermaid:mermaid",
    "dot": "edgegen.graph.dot:dot",
    "svg": "edgegen.graph.svg:svg",
}
