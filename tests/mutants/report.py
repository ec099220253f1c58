"""What was tried, noticed and left: the table, the survivors without a reason, and the exit code."""

from __future__ import annotations

from collections import Counter, defaultdict

from tests.mutants.outcome import Mutant
from tests.mutants.survivors import Reasons

REQUIRED = 0.90


def report(mutants: list[Mutant], reasons: Reasons) -> int:
    """Print the share of every module and each survivor without a reason. The exit code of the whole."""
    modules: dict[str, Counter[str]] = defaultdict(Counter)
    unexplained = []
    for item in mutants:
        modules[item.module].update([item.standing, *(["by types"] if item.by_types else [])])
        if item.survived:
            modules[item.module].update(["explained"] if reasons.explain(item) else [])
            unexplained += [] if reasons.explain(item) else [item]
    weak = [name for name, counts in modules.items() if _share(counts) < REQUIRED]
    _table(modules)
    for item in unexplained:
        print(f"\nsurvived without a reason: {item.name}\n{item.change()}")
    for stale in reasons.unused({item.module for item in mutants}):
        print(f"\nno survivor of this run needed this reason: {stale}")
    print(f"\n{len(unexplained)} survivors without a reason; below {REQUIRED:.0%}: {', '.join(weak) or 'none'}")
    return 1 if unexplained or weak else 0


def _table(modules: dict[str, Counter[str]]) -> None:
    heads = ("mutants", "tried", "noticed", "by mypy", "survived", "reason")
    print(f"\n{'module':36}" + "".join(f"{head:>10}" for head in heads) + "    share")
    total: Counter[str] = Counter()
    for name, counts in sorted(modules.items()):
        print(_line(name, counts))
        total += counts
    print(_line("all", total))


def _line(name: str, counts: Counter[str]) -> str:
    tried = counts["noticed"] + counts["survived"]
    every = tried + counts["not tried"]
    figures = (every, tried, counts["noticed"], counts["by types"], counts["survived"], counts["explained"])
    return f"{name:36}" + "".join(f"{figure:10}" for figure in figures) + f"  {_share(counts):7.1%}"


def _share(counts: Counter[str]) -> float:
    tried = counts["noticed"] + counts["survived"]
    return counts["noticed"] / tried if tried else 1.0
