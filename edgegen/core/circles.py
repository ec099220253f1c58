"""Cycles in a graph of names, in time that grows with its size, not with the number of paths."""

from __future__ import annotations

from collections.abc import Collection, Mapping

Graph = Mapping[str, Collection[str]]
"""Each name and the names it leads to; a name that is not a key leads nowhere."""

_MOST_SHOWN = 12


def first_circle(graph: Graph) -> list[str]:
    """A shortest cycle through the first name that is in one: `[a, b, a]`. Empty if there is none."""
    circling = in_circles(graph)
    return next((circle_through(name, graph) for name in graph if name in circling), [])


def arrows(circle: list[str]) -> str:
    """`a -> b -> a`; of a long cycle only the first names and the last."""
    shown = circle if len(circle) <= _MOST_SHOWN else [*circle[: _MOST_SHOWN - 2], "…", circle[-1]]
    return " -> ".join(shown)


def circle_through(name: str, graph: Graph) -> list[str]:
    """A shortest path from `name` back to itself, with `name` at both ends. Empty if there is none."""
    came_from: dict[str, str] = {}
    reached = [name]
    for here in reached:  # grows while it is walked: breadth first
        for there in graph.get(here, ()):
            if there == name:
                return [name, *_way_back(here, name, came_from), name]
            if there not in came_from:
                came_from[there] = here
                reached.append(there)
    return []


def _way_back(here: str, start: str, came_from: Mapping[str, str]) -> list[str]:
    way: list[str] = []
    while here != start:
        way.append(here)
        here = came_from[here]
    return way[::-1]


def in_circles(graph: Graph) -> frozenset[str]:
    """All names that lead back to themselves: Tarjan's strongly connected components, without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_names: dict[str, None] = {}
    found: set[str] = set()
    for start in graph:
        work = [(start, iter(graph.get(start, ())))] if start not in index else []
        while work:
            name, rest = work[-1]
            if name not in index:
                index[name] = low[name] = len(index)
                open_names[name] = None
            fresh = None
            for there in rest:
                if there not in index:
                    fresh = there
                    break
                if there in open_names:
                    low[name] = min(low[name], index[there])
            if fresh is not None:
                work.append((fresh, iter(graph.get(fresh, ()))))
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[name])
            if low[name] == index[name]:
                found |= _closed(name, open_names, graph)
    return frozenset(found)


def _closed(name: str, open_names: dict[str, None], graph: Graph) -> set[str]:
    """The component that ends with `name`, if it is a cycle: several names, or one that leads to itself."""
    component: set[str] = set()
    while name not in component:
        component.add(open_names.popitem()[0])
    return component if len(component) > 1 or name in graph.get(name, ()) else set()
