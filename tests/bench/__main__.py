"""Measure every bar as users get it, print the table, and write it to bench.json."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from pathlib import Path

from tests.bench.bars import BARS as LOCAL
from tests.bench.dns_bars import p5, p6
from tests.bench.installed import install
from tests.bench.lint_bars import BARS as OF_LINT
from tests.bench.measure import ROUNDS
from tests.bench.table import row, title
from tests.bench.verify_bars import BARS as OF_VERIFY

BARS = (*LOCAL, p5, p6, *OF_VERIFY, *OF_LINT)


def main() -> int:
    """0 where every bar holds, 1 where one falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bars", nargs="*", help="p1 to p9 (default: all)")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--checkout", action="store_true", help="measure this environment, and install nothing")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    options = parser.parse_args()
    chosen = [bar for bar in BARS if not options.bars or bar.__name__ in options.bars]
    found = []
    print(title(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        if not options.checkout:
            install(Path(folder) / "installed")
        for bar in chosen:
            for comparison in bar(Path(folder), options.rounds):
                found.append(comparison)
                print(row(comparison), flush=True)
    machine = {"python": platform.python_version(), "system": platform.system(), "machine": platform.machine()}
    body = {"rounds": options.rounds, **machine, "bars": [comparison.as_json() for comparison in found]}
    options.json.write_text(json.dumps(body, indent=2) + "\n")
    return 0 if all(comparison.holds for comparison in found) else 1


if __name__ == "__main__":
    sys.exit(main())
