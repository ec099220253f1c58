"""Where boxes and edges of a picture are, in pixels. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from edgegen.graph.labels import PAD, Label, label
from edgegen.graph.model import COLUMNS, IN_TRAEFIK, Edge, Graph, Kind
from edgegen.graph.order import Layers, mean, ordered, reversed_links
from edgegen.graph.spread import spread

_GAP, _LANE, _CLEAR = 14, 8, 42
"""Between two boxes of a column; between edges that pass; and between those and a box, outside of its frame."""
_BETWEEN = 64
"""Between two columns."""
_STEP = 7
"""Between two edges at one side of a box, where there is room."""
_MARGIN, _HEAD = 16, 46
"""Around the picture; and above its boxes, for the names of the columns."""
_FOOT = 48
"""Below them, for the name of the frame."""
_ROUNDS = 8


class Box(Struct, frozen=True):
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Its right side."""
        return self.x + self.width

    @property
    def middle(self) -> int:
        """The height at which edges of a single one arrive."""
        return self.y + self.height // 2


class Way(Struct, frozen=True):
    """An edge, from left to right: where it leaves, the lanes (from, to, height) that it follows between other boxes,
    and where it arrives."""

    edge: Edge
    points: tuple[tuple[int, int], ...]


class Layout(Struct, frozen=True):
    """The whole picture."""

    width: int
    height: int
    boxes: Mapping[str, Box]
    labels: Mapping[str, Label]
    heads: tuple[tuple[str, int], ...]
    """The name of each column, and where it begins."""
    ways: tuple[Way, ...]
    frame: Box | None
    """Around what is inside of Traefik."""


def layout(graph: Graph) -> Layout:
    """The picture's places."""
    labels = {node.id: label(node) for node in graph.nodes}
    columns = sorted({node.column for node in graph.nodes})
    place = {node.id: columns.index(node.column) for node in graph.nodes}
    layers: Layers = [[node.id for node in graph.nodes if place[node.id] == number] for number in range(len(columns))]
    links, routes = _linked(graph, place, layers)
    layers = _past_traefik(graph, ordered(layers, links))
    heights = {name: labels[name].height if name in labels else 0 for layer in layers for name in layer}
    middles = _middles(layers, links, heights)
    widths = [max((labels[name].width for name in layer if name in labels), default=0) for layer in layers]
    lefts = _lefts(widths)
    boxes = {
        name: Box(lefts[number], round(middles[name] - heights[name] / 2), widths[number], heights[name])
        for number, layer in enumerate(layers)
        for name in layer
    }
    own = {name: box for name, box in boxes.items() if name in labels}
    return Layout(
        width=max((box.right for box in own.values()), default=200) + _MARGIN,
        height=max((box.y + box.height for box in own.values()), default=_HEAD) + _FOOT,
        boxes=own,
        labels=labels,
        heads=tuple((COLUMNS[column], lefts[number]) for number, column in enumerate(columns)),
        ways=tuple(_ways(graph.edges, routes, boxes)),
        frame=_frame([own[node.id] for node in graph.of(*IN_TRAEFIK)]) if graph.edge else None,
    )


def _linked(graph: Graph, place: Mapping[str, int], layers: Layers) -> tuple[dict[str, list[str]], list[list[str]]]:
    """Neighbours in the next layer, and the names that each edge passes: it gets a lane in each layer between."""
    links: dict[str, list[str]] = {}
    routes: list[list[str]] = []
    for number, edge in enumerate(graph.edges):
        names = [edge.source]
        for layer in range(place[edge.source] + 1, place[edge.target]):
            names.append(f"{number}/{layer}")
            layers[layer].append(names[-1])
        names.append(edge.target)
        for source, target in pairwise(names):
            links.setdefault(source, []).append(target)
        routes.append(names)
    return links, routes


def _past_traefik(graph: Graph, layers: Layers) -> Layers:
    """Published ports, and the lanes of their edges, below everything of Traefik: they lead past it."""
    ports = {node.id for node in graph.of(Kind.PORT)}
    lanes = {str(number) for number, edge in enumerate(graph.edges) if edge.source in ports}
    return [sorted(layer, key=lambda name: name in ports or name.partition("/")[0] in lanes) for layer in layers]


def _lefts(widths: Sequence[int]) -> list[int]:
    lefts = [_MARGIN]
    for width in widths:
        lefts.append(lefts[-1] + width + _BETWEEN)
    return lefts


def _middles(layers: Layers, links: Mapping[str, Sequence[str]], heights: Mapping[str, int]) -> dict[str, float]:
    """The height of every box's middle: near the mean of its neighbours, and clear of the others of its column."""
    back = reversed_links(links)
    middles: dict[str, float] = {}
    for layer in layers:
        middles |= dict(zip(layer, spread([0.0] * len(layer), _distances(layer, heights)), strict=True))
    for turn in range(_ROUNDS):
        sides = (back, links) if turn == _ROUNDS - 2 else (back,) if turn % 2 else (links,)
        for layer in layers if turn % 2 else layers[::-1]:
            near = {name: [middles[other] for side in sides for other in side.get(name, ())] for name in layer}
            wishes = [mean(near[name], middles[name]) for name in layer]
            middles |= dict(zip(layer, spread(wishes, _distances(layer, heights)), strict=True))
    top = min((middles[name] - heights[name] / 2 for name in middles), default=0)
    return {name: middle - top + _HEAD for name, middle in middles.items()}


def _distances(layer: Sequence[str], heights: Mapping[str, int]) -> list[float]:
    return [(one + other) / 2 + _apart(one, other) for one, other in pairwise(heights[name] for name in layer)]


def _apart(one: int, other: int) -> int:
    if one and other:
        return _GAP
    return _CLEAR if one or other else _LANE


def _ways(edges: Sequence[Edge], routes: Sequence[Sequence[str]], boxes: Mapping[str, Box]) -> Iterator[Way]:
    starts = _ends([(names[0], names[1]) for names in routes], boxes)
    ends = _ends([(names[-1], names[-2]) for names in routes], boxes)
    for number, (edge, names) in enumerate(zip(edges, routes, strict=True)):
        lanes = [boxes[name] for name in names[1:-1]]
        between = [point for lane in lanes for point in ((lane.x, lane.y), (lane.right, lane.y))]
        first, last = (boxes[names[0]].right, starts[number]), (boxes[names[-1]].x, ends[number])
        yield Way(edge, (first, *between, last))


def _ends(pairs: Sequence[tuple[str, str]], boxes: Mapping[str, Box]) -> list[int]:
    """The height at which each edge meets its box: in the order of their other ends, so that none cross there."""
    meeting: dict[str, list[int]] = {}
    for number, (box, _) in enumerate(pairs):
        meeting.setdefault(box, []).append(number)
    heights = [0] * len(pairs)
    for name, numbers in meeting.items():
        met = boxes[name]
        numbers.sort(key=lambda number: boxes[pairs[number][1]].middle)
        step = min(_STEP, (met.height - 2 * _STEP) / max(1, len(numbers) - 1))
        for place, number in enumerate(numbers):
            heights[number] = round(met.middle + (place - (len(numbers) - 1) / 2) * step)
    return heights


def _frame(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    left, top = min(box.x for box in boxes) - PAD, min(box.y for box in boxes) - PAD
    right, bottom = max(box.right for box in boxes) + PAD, max(box.y + box.height for box in boxes) + PAD
    return Box(left, top, right - left, bottom - top)
