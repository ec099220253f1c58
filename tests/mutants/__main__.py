"""Break the safety nets line by line (mutmut), and report what no test noticed.

`python -m tests.mutants` tries a sample of the mutants of each module in `groups.py`, chosen by a fixed seed.
Words after it name modules (`edgegen.dns.safety`) or single mutants; `--sample 0` tries every mutant,
and `--seed WORD` draws another sample.
Exit code 1: fewer than 90 % of a module's mutants were noticed, or one survived without a reason in `survivors.toml`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.mutants import workshop
from tests.mutants.groups import GROUPS, Group
from tests.mutants.outcome import Mutant, read_mutants
from tests.mutants.report import report
from tests.mutants.survivors import read_reasons

_REASONS = Path(__file__).with_name("survivors.toml")
_SINGLE = "__mutmut_"


def main() -> int:
    """Run mutmut for each group that is asked for, then judge what has been tried."""
    asked = _arguments()
    end = time.monotonic() + asked.minutes * 60
    found: list[Mutant] = []
    for group, modules in _asked(asked.words):
        if not asked.report:
            _try(group, modules, asked, end)
        own = [item for item in read_mutants(workshop.folder_of(group) / "mutants") if item.module in modules]
        if untried := sorted(set(modules) - {item.module for item in own if item.tried}):
            print(f"{group.name}: no mutant was tried of {', '.join(untried)}", flush=True)
        found += own
    if not any(item.tried for item in found):
        print("no mutant was tried: see what mutmut says above")
        return 2
    return report(found, read_reasons(_REASONS))


def _try(group: Group, modules: list[str], asked: argparse.Namespace, end: float) -> None:
    workshop.prepare(group)
    names = _names(group, modules, asked)
    print(f"{group.name}: {len(names)} mutants", flush=True)
    ended = workshop.run(group, names, max(end - time.monotonic(), 1), asked.children)
    if ended:
        print(f"{group.name}: mutmut ended with {ended}; see {workshop.folder_of(group) / 'log'}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="MODULE", help="modules or mutants; all modules without any")
    parser.add_argument("--sample", type=int, default=40, help="mutants per module (default 40); 0: all of them")
    parser.add_argument("--seed", default=workshop.SEED, help="another word draws another sample")
    parser.add_argument("--children", type=int, default=2, help="mutants tried at the same time (default 2)")
    parser.add_argument("--minutes", type=float, default=90.0, help="stop after so many minutes (default 90)")
    parser.add_argument("--report", action="store_true", help="try nothing; report what earlier runs have found")
    return parser.parse_args()


def _asked(words: list[str]) -> Iterator[tuple[Group, list[str]]]:
    """The groups with those of their modules that the words name."""
    wanted = {_module(word) for word in words}
    unknown = wanted - {module for group in GROUPS for module in group.modules}
    if unknown:
        raise SystemExit(f"not a module of tests/mutants/groups.py: {', '.join(sorted(unknown))}")
    for group in GROUPS:
        modules = [module for module in group.modules if not wanted or module in wanted]
        if modules:
            yield group, modules


def _module(word: str) -> str:
    return word.rpartition(".")[0] if _SINGLE in word else word


def _names(group: Group, modules: list[str], asked: argparse.Namespace) -> list[str]:
    single = [word for word in asked.words if _SINGLE in word]
    sampled = [module for module in modules if module in asked.words or not asked.words]
    possible = workshop.possible(group, sampled).values()
    chosen = [name for names in possible for name in workshop.sample(names, asked.sample, asked.seed)]
    return chosen + [name for name in single if _module(name) in modules]


if __name__ == "__main__":
    sys.exit(main())
