"""A picture in DOT, the language of Graphviz. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.graph.escaping import dot as escaped
from edgegen.graph.model import IN_TRAEFIK, Graph, Kind, Node, Style

MARK = "// edgegen graph"
_SHAPES = {
    Kind.HOST: "shape=box, style=rounded", Kind.PORT: 'shape=box, style="rounded,dashed"', Kind.ROUTER: "shape=box",
    Kind.MIDDLEWARES: "shape=box, peripheries=2", Kind.SERVICE: "shape=component",
    Kind.EXTERNAL: "shape=box, style=dashed", Kind.REDIRECT: "shape=cds", Kind.TRAEFIK: "shape=component",
    Kind.NETWORK: "shape=hexagon",
}  # fmt: skip
_STYLES = {
    Style.REQUEST: "", Style.ERRORS: " [style=dashed]", Style.REACHED: " [dir=none, penwidth=2]",
    Style.MEMBER: " [style=dotted, dir=none]",
}  # fmt: skip


def dot(graph: Graph) -> str:
    """The source, with a newline at its end."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield MARK
    yield f'digraph "{escaped(graph.title)}" {{'
    yield f'  label="{_rows(graph.title, *graph.remarks)}"'
    yield '  rankdir=LR; node [fontname="sans-serif", fontsize=11]; edge [arrowsize=0.7]'
    framed = [node for node in graph.of(*IN_TRAEFIK) if graph.edge]
    if framed:
        yield "  subgraph cluster_traefik {"
        yield f'    label="{escaped(graph.edge)}"; style=rounded'
        yield from (f"    {_node(node)}" for node in framed)
        yield "  }"
    yield from (f"  {_node(node)}" for node in graph.nodes if not graph.edge or node.kind not in IN_TRAEFIK)
    yield from (f"  {edge.source} -> {edge.target}{_STYLES[edge.style]}" for edge in graph.edges)
    yield "}"


def _node(node: Node) -> str:
    return f'{node.id} [label="{_rows(node.title, *node.lines)}", {_SHAPES[node.kind]}]'


def _rows(*texts: str) -> str:
    return "\\n".join(map(escaped, texts))
