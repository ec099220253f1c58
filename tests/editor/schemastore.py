"""What a pull request to SchemaStore holds: `python -m tests.editor.schemastore DIR` writes it into a clone of theirs.

The schema (in the dialect that they ask for, with the address that it will have there), its entry in the catalog, and
files that it must accept and refuse.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ENTRY = ROOT / "docs/editor/schemastore.json"
SCHEMA = ROOT / "templates/schema/edge.schema.json"
RIGHT = ROOT / "examples"
WRONG = {
    "container-key-in-registry": "name: shop\nservices:\n  hub:\n    kind: registry\n    users: [ci]\n    port: 5000\n",
    "host-without-port": "name: shop\nservices:\n  web:\n    image: nginx:1.27\n    host: www.example.com\n",
    "unknown-key": "name: shop\nservces: {}\n",
}  # fmt: skip


def entry() -> dict[str, Any]:
    """The entry of the catalog."""
    found: dict[str, Any] = json.loads(ENTRY.read_text())
    return found


def schema() -> dict[str, Any]:
    """The schema as it will be there."""
    own = json.loads(SCHEMA.read_text())
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "$id": entry()["url"], "title": "edgegen edge.yaml"}
    return {**head, **{key: value for key, value in own.items() if key != "$schema"}}


def files() -> dict[str, str]:
    """All files by their path in SchemaStore's repository, but the catalog."""
    found = {"src/schemas/json/edgegen.json": json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"}
    for file in sorted(RIGHT.glob("*/edge.yaml")):
        found[f"src/test/edgegen/{file.parent.name}.yaml"] = file.read_text()
    for name, text in WRONG.items():
        found[f"src/negative_test/edgegen/{name}.yaml"] = text
    return found


def catalogued(text: str) -> str:
    """Their catalog with the entry, at its place in the order of names."""
    body = json.loads(text)
    others = [item for item in body["schemas"] if item["name"] != entry()["name"]]
    body["schemas"] = sorted([*others, entry()], key=lambda item: item["name"].lower())
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def main(folder: Path) -> None:
    """Write all of it."""
    for name, text in files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    catalog = folder / "src/api/json/catalog.json"
    if catalog.exists():
        catalog.write_text(catalogued(catalog.read_text()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
