"""Every example as it is written down, without its edge.yaml: what anybody who gets the files would see of them.

`tests/cli/lint/test_rendered.py` renders examples and starters, and looks at them in their project.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.finding import Outcome, Severity
from edgegen.lint.engine import lint
from edgegen.lint.reader.disk import FolderDisk
from edgegen.lint.reader.project import read_project
from edgegen.lint.suppression.comments import ignores

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(file for name in ("docker-compose.yml", "stack.yml") for file in EXAMPLES.glob(f"*/expected*/{name}"))


def faults(file: Path) -> list[str]:
    """Above info, and not suppressed by the file itself."""
    project = read_project([file.name], FolderDisk(file.parent), folder=str(file.parent), environ={})
    said = {rule for item in ignores(project.files[0].text) for rule in item.ids}
    return [
        f"{item.finding.where} {item.finding.id} {item.finding.message}"
        for item in lint(project)
        if item.finding.outcome is Outcome.FAIL
        and item.finding.severity is not Severity.INFO
        and item.finding.id not in said
    ]


def test_there_are_examples_of_both_targets() -> None:
    assert {file.name for file in FILES} == {"docker-compose.yml", "stack.yml"}
    assert len(FILES) > 20


@pytest.mark.quick(10)
@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:]))
def test_examples(file: Path) -> None:
    assert faults(file) == []


def test_a_fault_in_a_rendered_file_is_noticed(tmp_path: Path) -> None:
    text = (EXAMPLES / "01-registry/expected/docker-compose.yml").read_text()
    assert "traefik.http.routers." in text
    (tmp_path / "docker-compose.yml").write_text(text.replace("traefik.http.routers.", "traefik.http.ruoters.", 1))
    assert faults(tmp_path / "docker-compose.yml")
