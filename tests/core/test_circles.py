"""Circles among names, against a search that tries every way."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgegen.core.circles import arrows, circle_through, first_circle, in_circles

GRAPHS = st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefg"), max_size=4), max_size=6)


def reach(graph: dict[str, list[str]], start: str) -> set[str]:
    """All that can be reached by at least one step."""
    seen: set[str] = set()
    todo = list(graph.get(start, []))
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += graph.get(name, [])
    return seen


@given(GRAPHS)
def test_what_leads_back_to_itself_is_in_a_circle(graph: dict[str, list[str]]) -> None:
    assert in_circles(graph) == {name for name in graph if name in reach(graph, name)}


@given(GRAPHS)
def test_a_circle_is_a_way_that_ends_where_it_begins(graph: dict[str, list[str]]) -> None:
    looping = {name for name in graph if name in reach(graph, name)}
    found = [first_circle(graph), *(circle_through(name, graph) for name in "abcdef")]
    for circle in found:
        assert all(there in graph[here] for here, there in pairwise(circle))
        assert not circle or (circle[0] == circle[-1] and len(circle) > 1)
    assert bool(found[0]) == bool(looping)
    assert {circle[0] for circle in found[1:] if circle} == looping


@pytest.mark.slow
def test_a_row_and_a_ladder_take_no_time() -> None:
    row = {str(n): [str(n + 1)] for n in range(20_000)}
    assert first_circle(row) == []
    assert in_circles({**row, "20000": ["0"]}) == {*row, "20000"}
    ladder = {f"{side}{n}": [f"a{n + 1}", f"b{n + 1}"] for n in range(2_000) for side in "ab"}
    assert (first_circle(ladder), in_circles(ladder)) == ([], frozenset())


def test_a_long_circle_is_cut_in_a_sentence() -> None:
    assert arrows(["a", "b", "a"]) == "a -> b -> a"
    assert arrows([str(n) for n in range(5_000)]) == "0 -> 1 -> 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> 8 -> 9 -> … -> 4999"
