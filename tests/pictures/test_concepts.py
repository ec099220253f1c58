"""The picture of docs/concepts.md is what `edgegen graph` draws of the project that stands under it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import Edgegen
from tests.golden.examples import Golden

DOCS = Path(__file__).parents[2] / "docs"


def test_the_picture_shows_the_project_of_the_page(edgegen: Edgegen, golden: Golden, tmp_path: Path) -> None:
    written = re.search(r"```yaml\n(# edge\.yaml\n.*?)```", (DOCS / "concepts.md").read_text(), re.DOTALL)
    assert written
    (tmp_path / "edge.yaml").write_text(written[1])
    done = edgegen("graph", "-C", tmp_path, "--format", "svg")
    assert done.code == 0, done.err
    golden(DOCS / "pictures/concepts.svg", done.out)
