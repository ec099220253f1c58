"""Break the safety nets line by line (mutmut), and report what no test noticed.

`python -m tests.mutants` tries every mutant of the modules in `[tool.mutmut]`; words after it name modules
(`edgegen.dns.safety`), `--minutes` bounds the run. Results of earlier runs count while code and tests are the same.
Exit code 1: fewer than 90 % of a room's mutants were noticed, or one survived without a reason in `survivors.toml`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
from collections import Counter, defaultdict
from pathlib import Path

from tests.mutants.outcome import Mutant, read_mutants
from tests.mutants.survivors import Reasons, read_reasons

REQUIRED = 0.90
_REASONS = Path(__file__).with_name("survivors.toml")


def main() -> int:
    """Run mutmut, then judge everything that has been tried so far."""
    asked = _arguments()
    ended = _run(asked.modules, asked.minutes)
    mutants = [item for item in read_mutants(Path("mutants")) if not asked.modules or item.module in asked.modules]
    if not any(item.tried for item in mutants):
        print(f"mutmut tried nothing and ended with {ended}")
        return 2
    return report(mutants, read_reasons(_REASONS))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help="modules in dotted form; all of them without any")
    parser.add_argument("--minutes", type=float, default=90.0, help="stop after so many minutes (default 90)")
    return parser.parse_args()


def _run(modules: list[str], minutes: float) -> int:
    words = [sys.executable, "-m", "mutmut", "run", *(f"{module}.*" for module in modules)]
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])  # mutmut looks for mypy there
    with subprocess.Popen(words, env={**os.environ, "PATH": path}) as process:
        try:
            return process.wait(minutes * 60)
        except subprocess.TimeoutExpired:
            process.terminate()
            return process.wait()


def report(mutants: list[Mutant], reasons: Reasons) -> int:
    """Print the share of every module and each survivor without a reason. The exit code of the whole."""
    rooms: dict[str, Counter[str]] = defaultdict(Counter)
    unexplained = []
    for item in mutants:
        rooms[item.module].update([item.standing])
        if item.survived and not reasons.explain(item):
            unexplained.append(item)
    weak = [room for room, counts in rooms.items() if _share(counts) < REQUIRED]
    print(f"\n{'module':45} {'mutants':>8} {'noticed':>8} {'survived':>9} {'not tried':>10}  share")
    for room, counts in sorted(rooms.items()):
        print(
            f"{room:45} {counts.total():8} {counts['noticed']:8} {counts['survived']:9} {counts['not tried']:10}"
            f"  {_share(counts):.1%}"
        )
    for item in unexplained:
        print(f"\nsurvived without a reason: {item.name}\n{item.change()}")
    for stale in reasons.unused():
        print(f"\nno mutant survives that way any more; delete its reason: {stale}")
    print(f"\n{len(unexplained)} survivors without a reason; below {REQUIRED:.0%}: {', '.join(weak) or 'none'}")
    return 1 if unexplained or weak else 0


def _share(counts: Counter[str]) -> float:
    tried = counts["noticed"] + counts["survived"]
    return counts["noticed"] / tried if tried else 1.0


if __name__ == "__main__":
    sys.exit(main())
