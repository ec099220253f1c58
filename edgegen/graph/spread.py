"""Boxes of one column as near to their wished places as their order and their distances allow. Pure.

The least squares under an order: isotonic regression, by pooling adjacent violators.
"""

from __future__ import annotations

from collections.abc import Sequence


def spread(wished: Sequence[float], distances: Sequence[float]) -> list[float]:
    """The centres. `distances[i]`: the least from centre i to centre i + 1."""
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, int]] = []  # (mean, members)
    for wish, offset in zip(wished, offsets, strict=True):
        mean, members = wish - offset, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, members = (mean * members + other * more) / (members + more), members + more
        pools.append((mean, members))
    flat = [mean for mean, members in pools for _ in range(members)]
    return [mean + offset for mean, offset in zip(flat, offsets, strict=True)]
