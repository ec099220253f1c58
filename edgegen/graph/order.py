"""The order of nodes within their columns, so that few edges cross: the barycentre heuristic of Sugiyama. Pure.

Every step is deterministic: the same graph gives the same picture.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from itertools import pairwise

Layers = list[list[str]]
Links = Mapping[str, Sequence[str]]
"""Node -> its neighbours in the next layer."""
_SWEEPS = 16


def ordered(layers: Layers, links: Links) -> Layers:
    """The layers with as few crossings as the sweeps find; the given order where there is nothing to win."""
    back = reversed_links(links)
    best, least = layers, crossings(layers, links)
    current = layers
    for sweep in range(_SWEEPS):
        if not least:
            break
        current = _swept(current, back) if sweep % 2 == 0 else _swept(current[::-1], links)[::-1]
        if (number := crossings(current, links)) < least:
            best, least = current, number
    return best


def crossings(layers: Layers, links: Links) -> int:
    """How many pairs of edges between neighbouring layers cross."""
    return sum(_between(upper, lower, links) for upper, lower in pairwise(layers))


def _between(upper: Sequence[str], lower: Sequence[str], links: Links) -> int:
    places = {name: place for place, name in enumerate(lower)}
    seen: list[int] = []
    number = 0
    for name in upper:
        ends = sorted(places[end] for end in links.get(name, ()) if end in places)
        number += sum(len(seen) - bisect_right(seen, end) for end in ends)
        for end in ends:
            insort(seen, end)
    return number


def _swept(layers: Layers, before: Links) -> Layers:
    """Each layer by the mean place of its neighbours in the layer before, from the first to the last."""
    result: Layers = layers[:1]
    for layer in layers[1:]:
        places = {name: place / len(result[-1]) for place, name in enumerate(result[-1])}
        means = {
            name: mean([places[item] for item in before.get(name, ())], place / len(layer))
            for place, name in enumerate(layer)
        }
        result.append(sorted(layer, key=means.__getitem__))
    return result


def mean(places: Sequence[float], otherwise: float) -> float:
    """The mean of some places, or something else where there are none."""
    return sum(places) / len(places) if places else otherwise


def reversed_links(links: Links) -> dict[str, list[str]]:
    """Node -> its neighbours in the layer before."""
    back: dict[str, list[str]] = {}
    for source, targets in links.items():
        for target in targets:
            back.setdefault(target, []).append(source)
    return back
