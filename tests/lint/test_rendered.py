"""What edgegen renders has nothing to report: every example and every starter, with all files that belong to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgegen.core.finding import Outcome, Severity
from edgegen.lint.engine import lint
from edgegen.lint.reader.disk import FolderDisk
from edgegen.lint.reader.project import read_project
from edgegen.lint.suppression.comments import ignores
from tests import sizes
from tests.conftest import Edgegen

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(file for name in ("docker-compose.yml", "stack.yml") for file in EXAMPLES.glob(f"*/expected*/{name}"))
STARTERS = ("built", "drupal", "local-registry", "registry", "registry-cache", "three-env", "todo", "web",
            "web-replicas", "whoami", "wordpress")  # fmt: skip
FOR_A_SWARM = ("drupal", "registry", "registry-cache", "web", "web-replicas", "whoami", "wordpress")


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


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:]))
def test_examples(file: Path) -> None:
    assert faults(file) == []


BOTH = [*((name, "compose") for name in STARTERS if name != "drupal"), *((name, "swarm") for name in FOR_A_SWARM)]


@pytest.mark.parametrize(("starter", "target"), BOTH[:: 1 if sizes.is_proof() else 3])
def test_starters(starter: str, target: str, tmp_path: Path, edgegen: Edgegen) -> None:
    words = ("init", starter, "x.commenthouse.com", "--dir", tmp_path, "--target", target)
    ran = edgegen(*words, "--email", "ops@commenthouse.com", "--address", "192.0.2.1")
    assert ran.code == 0, ran.err
    (file,) = [found for name in ("docker-compose.yml", "stack.yml") if (found := tmp_path / name).exists()]
    assert faults(file) == []


def test_all_starters_are_looked_at(edgegen: Edgegen) -> None:
    listed = json.loads(edgegen("init", "--list", "--json").out)
    assert all(name in json.dumps(listed) for name in STARTERS)


def test_a_fault_in_a_rendered_file_is_noticed(tmp_path: Path) -> None:
    text = (EXAMPLES / "01-registry/expected/docker-compose.yml").read_text()
    assert "traefik.http.routers." in text
    (tmp_path / "docker-compose.yml").write_text(text.replace("traefik.http.routers.", "traefik.http.ruoters.", 1))
    assert faults(tmp_path / "docker-compose.yml")
