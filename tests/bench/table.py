"""The table of a run, in Markdown."""

from __future__ import annotations

import statistics

from tests.bench.measure import Comparison

COLUMNS = ("bar", "what", "reference", "ms", "reference ms", "ratio", "of minima", "at most", "holds", "load")


def title() -> str:
    """The head of the table."""
    return f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}"


def row(item: Comparison) -> str:
    """One line; times are medians."""
    cells = (
        item.bar,
        item.what,
        item.reference,
        f"{statistics.median(item.times) * 1e3:.0f}",
        f"{statistics.median(item.reference_times) * 1e3:.0f}",
        f"{item.ratio:.2f}",
        f"{item.ratio_of_minima:.2f}",
        f"{item.most:g}",
        "yes" if item.holds else "**no**",
        f"{item.load[0]:.1f}",
    )
    return f"| {' | '.join(cells)} |"
