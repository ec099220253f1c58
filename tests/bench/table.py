"""The table of a run, in Markdown."""

from __future__ import annotations

import statistics

from tests.bench.measure import Comparison
from tests.bench.memory import Peak

COLUMNS = ("bar", "what", "reference", "ms", "reference ms", "ratio", "of minima", "at most", "holds", "load")


def title() -> str:
    """The head of the table."""
    return f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}"


def row(item: Comparison | Peak) -> str:
    """One line; times are medians."""
    return _line(_peak(item) if isinstance(item, Peak) else _comparison(item))


def _comparison(item: Comparison) -> tuple[str, ...]:
    return (
        item.bar,
        item.what,
        item.reference,
        f"{statistics.median(item.times) * 1e3:.0f}",
        f"{statistics.median(item.reference_times) * 1e3:.0f}",
        f"{item.ratio:.2f}",
        f"{item.ratio_of_minima:.2f}",
        f"{item.most:g}",
        _yes(item.holds),
        f"{item.load[0]:.1f}",
    )


def _peak(item: Peak) -> tuple[str, ...]:
    """Megabytes have no reference and no ratio."""
    worst = f"{max(item.megabytes):.0f} MB"
    return (
        item.bar, item.what, "peak memory", "", "", worst, "", f"{item.most:g} MB", _yes(item.holds),
        f"{item.load[0]:.1f}",
    )  # fmt: skip


def _yes(holds: bool) -> str:
    return "yes" if holds else "**no**"


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
