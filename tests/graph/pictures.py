"""Pictures of the examples, and of a project in which everything that a user may name is hostile."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from edgegen.graph.model import Edge, Graph, Kind, Node, Style
from edgegen.project.graph import picture
from tests.golden.examples import CASES, EXAMPLES, is_for_a_swarm

ALL = [
    *CASES,
    *((folder.name, None) for folder in sorted(EXAMPLES.iterdir()) if is_for_a_swarm(folder)),
]
IDS = [f"{name}{'-' + environment if environment else ''}" for name, environment in ALL]
HOSTILE = (
    '"] --> evil["x', "</text><script>alert(1)</script>", "]]>", "&lt;b&gt; & &quot;", "\\", 'a\\"b', "\\n\\N\\G",
    "#quot;#35;",
    "`code`", "%%{init: {}}%%", "end", "subgraph x", "n1 --> n2", "click n1 call alert(1)", "{{ 7*7 }}", "${HOME}",
    "\x1b]0;owned\x07", "\u202egro.elpmaxe", "\ud800", "\ufffe", "漢字", "e\u0301", "- a list", "1. a list", "<br/>",
    "a\nb", "x" * 300, "https://me:secret@example.com/", "--", "-->", "|x|", ";", "---\ntitle: x\n---", "~~~",
    "*b* _i_", "",
)  # fmt: skip


def drawn(name: str, environment: str | None = None, *, everything: bool = False) -> Graph:
    """The picture of an example."""
    return picture(EXAMPLES / name, environment, environ={}, everything=everything)


def golden_file(name: str, environment: str | None, suffix: str) -> Path:
    """Where its golden picture is."""
    return EXAMPLES / name / f"graph{'-' + environment if environment else ''}.{suffix}"


def hostile() -> Graph:
    """Every kind of node with every hostile text, as title and as line, in a row of edges."""
    kinds = [Kind.HOST, Kind.ROUTER, Kind.MIDDLEWARES, Kind.SERVICE, Kind.NETWORK]
    nodes: list[Node] = []
    edges: list[Edge] = []
    for text in HOSTILE:
        row = [Node(f"n{len(nodes) + place}", kind, text, (text,)) for place, kind in enumerate(kinds)]
        edges += [Edge(one.id, other.id) for one, other in pairwise(row)]
        nodes += row
    nodes += [Node(f"m{place}", kind, HOSTILE[0], ("line",)) for place, kind in enumerate(Kind)]
    edges.append(Edge("m0", "m8", Style.MEMBER))
    return Graph(HOSTILE[0], HOSTILE[1], HOSTILE[0], tuple(nodes), tuple(edges), (HOSTILE[1],))
