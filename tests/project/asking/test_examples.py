"""The real Traefik has nothing to say of what edgegen renders, and contradicts no rule there."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.lint.engine import lint
from edgegen.oracle.binaries import Binary
from edgegen.project import asking
from edgegen.project import lint as reading
from edgegen.traefik.version import Version
from tests.sizes import some
from tests.traefik.process import BINARY

ROOT = Path(__file__).parents[3]
RENDERED = sorted(
    file for name in ("docker-compose.yml", "stack.yml") for file in (ROOT / "examples").glob(f"*/expected*/{name}")
)


@pytest.mark.slow
@pytest.mark.parametrize("file", some(RENDERED, 8), ids=lambda file: str(file.relative_to(ROOT / "examples")))
def test_a_rendered_example(file: Path) -> None:
    projects = reading.projects([file.name], [], file.parent)
    known = [Binary(BINARY, Version(3, 7, 15))]
    (asked,) = asking.ask_about(projects, lint, binaries=known)
    assert asked.was_asked, asked.notes
    assert [(item.finding.id, item.finding.message) for item in asked.results] == []


def test_there_are_many() -> None:
    assert len(RENDERED) > 20
