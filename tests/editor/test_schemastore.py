"""The pull request to SchemaStore is ready: its schema means the same in the dialect that they use."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from tests.editor import schemastore
from tests.spec.test_schema import WRONG

CATALOG_WORDS = {"name", "description", "fileMatch", "url", "versions"}
"""The only words of an entry: their schema-catalog.json."""
LATER = {
    "unevaluatedProperties", "unevaluatedItems", "prefixItems", "dependentRequired", "dependentSchemas", "minContains",
    "maxContains", "$dynamicRef", "$anchor",
}  # fmt: skip
"""Words of dialects after draft-07, which it passes over."""


def nodes(value: Any) -> list[dict[str, Any]]:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [*([value] if isinstance(value, dict) else []), *(node for item in inner for node in nodes(item))]


def test_the_entry() -> None:
    entry = schemastore.entry()
    assert entry.keys() <= CATALOG_WORDS
    assert {"name", "description", "url"} <= entry.keys()
    assert any(fnmatch("edge.yaml", pattern) for pattern in entry["fileMatch"])
    assert not any(fnmatch("docker-compose.yml", pattern) for pattern in entry["fileMatch"])
    assert schemastore.schema()["$id"] == entry["url"]


def test_draft_07_understands_every_word() -> None:
    schema = schemastore.schema()
    Draft7Validator.check_schema(schema)
    for node in nodes(schema):
        assert not LATER & node.keys()
        # Beside a reference draft-07 reads nothing: only what is there for people may be lost.
        assert "$ref" not in node or node.keys() <= {"$ref", "description", "examples", "default"}


@pytest.mark.slow
def test_it_judges_as_the_published_one() -> None:
    own = Draft202012Validator(json.loads(schemastore.SCHEMA.read_text()))
    there = Draft7Validator(schemastore.schema())
    files = schemastore.files()
    right = [text for name, text in files.items() if name.startswith("src/test/")]
    wrong = [*WRONG, *(text for name, text in files.items() if name.startswith("src/negative_test/"))]
    assert (len(right) > 10, len(wrong) > 40) == (True, True)
    for text in right:
        assert there.is_valid(yaml.safe_load(text))
    for text in wrong:
        assert not there.is_valid(yaml.safe_load(text)), text
        assert not own.is_valid(yaml.safe_load(text)), text


def test_it_is_written_into_a_clone(tmp_path: Path) -> None:
    catalog = tmp_path / "src/api/json/catalog.json"
    catalog.parent.mkdir(parents=True)
    others = [{"name": name, "description": "", "url": "https://a.example/x.json"} for name in ("eBPF", "EditorConfig")]
    catalog.write_text(json.dumps({"version": 1.0, "schemas": others}))
    for _ in range(2):
        schemastore.main(tmp_path)
        names = [item["name"] for item in json.loads(catalog.read_text())["schemas"]]
        assert names == ["eBPF", "edgegen", "EditorConfig"]
    assert (tmp_path / "src/schemas/json/edgegen.json").is_file()


@pytest.mark.parametrize("word", ["unevaluatedProperties", "$anchor"])
def test_a_later_word_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, word: str) -> None:
    file = tmp_path / "schema.json"
    file.write_text(json.dumps({"type": "object", word: False}))
    monkeypatch.setattr(schemastore, "SCHEMA", file)
    with pytest.raises(AssertionError):
        test_draft_07_understands_every_word()
