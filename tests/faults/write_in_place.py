"""The planted fault: the same files, written the way most programs do. The harness must call it torn."""

from __future__ import annotations

import sys
from pathlib import Path


def main(project: str) -> int:
    for name in ("docker-compose.yml", "stack.yml"):
        with Path(project, name).open("w", encoding="utf-8", buffering=4096) as target:
            for line in range(2000):
                target.write(f"line {line} of {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
