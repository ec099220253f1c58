"""`edgegen schema`: the file that editors complete from."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Edgegen

PUBLISHED = Path(__file__).parents[2] / "templates/schema/edge.schema.json"


def test_it_is_printed_as_it_is_kept(edgegen: Edgegen, tmp_path: Path) -> None:
    printed = edgegen("schema", cwd=tmp_path)
    assert (printed.code, printed.out) == (0, PUBLISHED.read_text())
    assert json.loads(edgegen("schema", "--json", cwd=tmp_path).out)["schema"] == json.loads(PUBLISHED.read_text())
    assert list(tmp_path.iterdir()) == []


def test_a_project_has_it_where_its_first_line_says(edgegen: Edgegen, tmp_path: Path) -> None:
    edgegen("init", "web", "commenthouse.com", cwd=tmp_path)
    first = (tmp_path / "edge.yaml").read_text().partition("\n")[0]
    assert first == "# yaml-language-server: $schema=.edgegen/schema.json"
    assert (tmp_path / ".edgegen/schema.json").read_bytes() == PUBLISHED.read_bytes()
