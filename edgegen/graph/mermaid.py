"""A picture as Mermaid's flowchart: GitHub, GitLab and MkDocs draw it from a code block. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.graph.escaping import mermaid as escaped
from edgegen.graph.model import IN_TRAEFIK, Graph, Kind, Node, Style
from edgegen.graph.words import summary

MARK = "%% edgegen graph"
_SHAPES = {
    Kind.HOST: ("([", "])"), Kind.PORT: ("([", "])"), Kind.ROUTER: ("[", "]"), Kind.MIDDLEWARES: ("[[", "]]"),
    Kind.SERVICE: ("(", ")"), Kind.EXTERNAL: ("[/", "/]"), Kind.REDIRECT: (">", "]"), Kind.TRAEFIK: ("(", ")"),
    Kind.NETWORK: ("{{", "}}"),
}  # fmt: skip
_ARROWS = {Style.REQUEST: "-->", Style.ERRORS: "-.->", Style.REACHED: "===", Style.MEMBER: "-.-"}


def mermaid(graph: Graph) -> str:
    """The source, with a newline at its end."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield f"{MARK}: {escaped(graph.title)}"
    yield from (f"%% {escaped(remark)}" for remark in graph.remarks)
    yield "flowchart LR"
    yield f"  accTitle: {_plain(graph.title)}"
    yield f"  accDescr: {_plain(summary(graph))}"
    framed = [node for node in graph.of(*IN_TRAEFIK) if graph.edge]
    if framed:
        yield f'  subgraph traefik["{escaped(graph.edge)}"]'
        yield from (f"    {_node(node)}" for node in framed)
        yield "  end"
    yield from (f"  {_node(node)}" for node in graph.nodes if not graph.edge or node.kind not in IN_TRAEFIK)
    yield from (f"  {edge.source} {_ARROWS[edge.style]} {edge.target}" for edge in graph.edges)


def _node(node: Node) -> str:
    left, right = _SHAPES[node.kind]
    return f'{node.id}{left}"{"<br/>".join(map(escaped, (node.title, *node.lines)))}"{right}'


def _plain(text: str) -> str:
    """Words for a line that Mermaid reads to its end."""
    return "".join(char if char.isalnum() or char in " .,:-()" else " " for char in text)
