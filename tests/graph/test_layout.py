"""Any graph has a picture in which no box is on another, that is the same each time, and not worse than unsorted."""

from __future__ import annotations

import random
import time
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgegen.graph.layout import layout
from edgegen.graph.model import Edge, Graph, Kind, Node
from edgegen.graph.order import crossings, ordered
from edgegen.graph.spread import spread
from edgegen.graph.svg import svg

texts = st.text(max_size=60) | st.sampled_from(["www.example.com", "漢字" * 30, ""])


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    kinds = draw(st.lists(st.sampled_from(Kind), max_size=14))
    nodes = [
        Node(f"n{place}", kind, draw(texts), tuple(draw(st.lists(texts, max_size=3))))
        for place, kind in enumerate(kinds)
    ]
    pairs = [(one.id, other.id) for one in nodes for other in nodes if one.column < other.column]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=20)) if pairs else []
    return Graph("p", "", draw(st.sampled_from(["", "Traefik"])), tuple(nodes), tuple(Edge(*pair) for pair in edges))


@pytest.mark.slow
@given(graph=graphs())
def test_no_box_is_on_another_and_all_are_in_the_picture(graph: Graph) -> None:
    plan = layout(graph)
    assert set(plan.boxes) == {node.id for node in graph.nodes}
    for one, other in combinations(plan.boxes.values(), 2):
        beside = one.right <= other.x or other.right <= one.x
        assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
    assert all(box.x >= 0 and box.y >= 0 and box.right <= plan.width for box in plan.boxes.values())
    assert all(box.y + box.height <= plan.height for box in plan.boxes.values())
    assert svg(graph) == svg(graph)


@pytest.mark.slow
@given(graph=graphs())
def test_every_edge_leaves_and_arrives_at_the_sides_of_its_boxes(graph: Graph) -> None:
    plan = layout(graph)
    assert [way.edge for way in plan.ways] == list(graph.edges)
    for way in plan.ways:
        (x, y), (right, height) = way.points[0], way.points[-1]
        source, target = plan.boxes[way.edge.source], plan.boxes[way.edge.target]
        assert x == source.right
        assert source.y < y < source.y + source.height
        assert right == target.x
        assert target.y < height < target.y + target.height
        assert all(before[0] <= after[0] for before, after in pairwise(way.points))


def slow_crossings(upper: list[str], lower: list[str], links: dict[str, list[str]]) -> int:
    """Every pair of edges, looked at."""
    edges = [(upper.index(one), lower.index(other)) for one in upper for other in links[one]]
    return sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(edges, 2))


@pytest.mark.parametrize("seed", range(20))
def test_crossings_are_counted_and_become_fewer(seed: int) -> None:
    dice = random.Random(seed)
    upper, lower = [f"a{place}" for place in range(9)], [f"b{place}" for place in range(7)]
    links = {name: dice.sample(lower, dice.randint(0, 4)) for name in upper}
    number = slow_crossings(upper, lower, links)
    assert crossings([upper, lower], links) == number
    first, second = ordered([upper, lower], links)
    assert (sorted(first), sorted(second)) == (upper, lower)
    assert slow_crossings(first, second, links) <= number


def test_two_rows_that_cross_are_untangled() -> None:
    links = {"a": ["y"], "b": ["x"]}
    layers = ordered([["a", "b"], ["x", "y"]], links)
    assert crossings([["a", "b"], ["x", "y"]], links) == 1
    assert crossings(layers, links) == 0


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(1, 100)), min_size=1, max_size=12))
def test_boxes_are_spread_as_near_as_they_can_be(items: list[tuple[float, float]]) -> None:
    wished, distances = [wish for wish, _ in items], [distance for _, distance in items[1:]]
    found = spread(wished, distances)
    assert all(
        after - before >= distance - 1e-6 for (before, after), distance in zip(pairwise(found), distances, strict=True)
    )
    cost = sum((one - other) ** 2 for one, other in zip(found, wished, strict=True))
    for place in range(len(found)):  # no box alone can be moved to a better place
        for step in (-0.5, 0.5):
            moved = [*found[:place], found[place] + step, *found[place + 1 :]]
            allowed = all(b - a >= d for (a, b), d in zip(pairwise(moved), distances, strict=True))
            better = sum((one - other) ** 2 for one, other in zip(moved, wished, strict=True)) < cost - 1e-6
            assert not (allowed and better)


@pytest.mark.slow
def test_five_hundred_hosts_are_drawn_in_seconds() -> None:
    nodes, edges = [Node("net", Kind.NETWORK, "edge")], []
    for number in range(500):
        row = [
            Node(f"{kind}{number}", kind, f"{kind}-{number}", ("x",)) for kind in (Kind.HOST, Kind.ROUTER, Kind.SERVICE)
        ]
        nodes += row
        edges += [Edge(one.id, other.id) for one, other in pairwise([*row, nodes[0]])]
    begun = time.process_time()
    text = svg(Graph("many", "", "Traefik", tuple(nodes), tuple(edges)))
    assert time.process_time() - begun < 10
    assert len(text) < 1_500_000
