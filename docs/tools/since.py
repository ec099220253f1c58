"""The first version that had a key. `python -m docs.tools.since` records those of the version to be released."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

from edgegen import __version__
from edgegen.spec.schema import json_schema

FOLDER = Path(__file__).parent / "keys"
"""One file for each released version, with a line for each key: `Definition.key`."""


def since(definition: str, key: str) -> str:
    """The oldest release that has it, or the version that is being made."""
    return next((version for version, keys in _released() if f"{definition}.{key}" in keys), __version__)


@cache
def _released() -> list[tuple[str, frozenset[str]]]:
    files = sorted(FOLDER.glob("*.txt"), key=lambda file: [int(part) for part in re.findall(r"\d+", file.stem)])
    return [(file.stem, frozenset(file.read_text(encoding="utf-8").split())) for file in files]


def keys_now() -> list[str]:
    """Every key of every definition."""
    schema = json_schema()
    definitions = {"Spec": schema, **schema["$defs"]}
    return sorted(f"{name}.{key}" for name, item in definitions.items() for key in item.get("properties", {}))


def main() -> int:
    """Write the keys of this version."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{__version__}.txt").write_text("\n".join(keys_now()) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
