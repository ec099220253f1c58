"""A picture as SVG: no browser, no other program, the same bytes for the same project. Pure.

It has no scripts, no links, no fonts; light and dark follow the reader's setting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.graph.escaping import xml
from edgegen.graph.labels import PAD, ROW, TOP, shortened
from edgegen.graph.layout import Box, Layout, Way, layout
from edgegen.graph.model import Graph, Kind, Node, Style
from edgegen.graph.style import CSS
from edgegen.graph.words import description, legend

MARK = "<!-- edgegen graph -->"
_HEAD = 24
_ROUND = {Kind.HOST: 17, Kind.PORT: 17, Kind.SERVICE: 8, Kind.EXTERNAL: 8, Kind.TRAEFIK: 8, Kind.NETWORK: 12}
Marks = Mapping[str, str]
"""Host -> `good`, `remark`, `unknown` or `bad`: how its box is outlined."""


def svg(graph: Graph) -> str:
    """The picture as a whole file."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{MARK}\n{inline(graph)}\n'


def inline(graph: Graph, marks: Marks | None = None) -> str:
    """The picture for a page of HTML."""
    return "\n".join(_lines(graph, layout(graph), marks or {}))


def _lines(graph: Graph, plan: Layout, marks: Marks) -> Iterator[str]:
    notes = [*graph.remarks, *filter(None, [legend(graph)])]
    height = plan.height + ROW * len(notes)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="eg" role="img" aria-labelledby="eg-title eg-desc" '
        f'width="{plan.width}" height="{height}" viewBox="0 0 {plan.width} {height}">'
    )
    yield f'<title id="eg-title">Topology of {xml(graph.title)}</title>'
    yield f'<desc id="eg-desc">{xml(description(graph))}</desc>'
    yield f"<style>\n{CSS}</style>"
    yield (
        '<defs><marker id="eg-tip" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" '
        'markerUnits="userSpaceOnUse" orient="auto"><path class="eg-tip" d="M0 0.5L8 4L0 7.5z"/></marker></defs>'
    )
    yield f'<rect class="eg-page" width="{plan.width}" height="{height}"/>'
    if plan.frame:
        yield from _frame(graph, plan.frame)
    yield from (f'<text class="eg-head" x="{left}" y="{_HEAD - 8}">{name}</text>' for name, left in plan.heads)
    yield from map(_way, plan.ways)
    for node in graph.nodes:
        yield from _box(node, plan, marks)
    for number, text in enumerate(notes):
        yield f'<text class="eg-note" x="16" y="{plan.height + ROW * number}">{xml(text)}</text>'
    yield "</svg>"


def _frame(graph: Graph, box: Box) -> Iterator[str]:
    yield _rect(box, 10, "eg-frame")
    said = xml(shortened(graph.edge, 60))
    yield f'<text class="eg-note" x="{box.x + 2}" y="{box.y + box.height + 15}">{said}</text>'


def _way(way: Way) -> str:
    (x, y), *others = way.points
    path = [f"M{x} {y}"]
    for number, (right, height) in enumerate(others):
        if number % 2:  # along a lane
            path.append(f"H{right}")
        else:
            bend = (x + right) // 2
            path.append(f"C{bend} {y} {bend} {height} {right} {height}")
        x, y = right, height
    tip = ' marker-end="url(#eg-tip)"' if way.edge.style in (Style.REQUEST, Style.ERRORS) else ""
    return f'<path class="eg-way eg-{way.edge.style}" d="{"".join(path)}"{tip}/>'


def _box(node: Node, plan: Layout, marks: Marks) -> Iterator[str]:
    box, label = plan.boxes[node.id], plan.labels[node.id]
    mark = f" eg-{marks[node.title]}" if node.kind is Kind.HOST and node.title in marks else ""
    yield f"<g>{f'<title>{xml(label.full)}</title>' if label.full else ''}"
    yield _rect(box, _ROUND.get(node.kind, 3), f"eg-box eg-{node.kind}{mark}")
    if node.kind is Kind.MIDDLEWARES:
        yield f'<path class="eg-box" d="M{box.x + 4} {box.y}v{box.height}"/>'
    title, line_class = (' class="eg-ware"', "eg-ware") if node.kind is Kind.MIDDLEWARES else ("", "eg-line")
    yield f'<text{title} x="{box.x + PAD}" y="{box.y + TOP}">{xml(label.title)}</text>'
    for number, line in enumerate(label.lines, 1):
        yield f'<text class="{line_class}" x="{box.x + PAD}" y="{box.y + TOP + number * ROW}">{xml(line)}</text>'
    yield "</g>"


def _rect(box: Box, rounded: int, names: str) -> str:
    return f'<rect class="{names}" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="{rounded}"/>'
