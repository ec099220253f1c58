"""Each starter project on each target: every environment renders, without a warning of the starter's own making."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from edgegen.target_names import TARGETS
from tests.conftest import Edgegen

TEMPLATES = sorted(path.name for path in (Path(__file__).parents[2] / "templates/init").iterdir())
ONE_HOST = {"todo", "three-env", "local-registry", "built"}
UNPINNED = "is not pinned"
"""The images of the template `todo` have no other tag."""


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_environment_of_a_starter_renders(edgegen: Edgegen, tmp_path: Path, template: str, target: str) -> None:
    done = edgegen("init", template, "app.commenthouse.com", "--target", target, "--json", cwd=tmp_path)
    if target == "swarm" and template in ONE_HOST:
        assert done.code == 2
        assert "is for one host" in done.err
        return
    assert done.code == 0, done.err
    assert warnings(done.err) == []
    spec = yaml.safe_load((tmp_path / "edge.yaml").read_text())
    for environment in ("base", *spec.get("environments", {})):
        again = edgegen("render", "-e", environment, cwd=tmp_path)
        assert again.code == 0, (environment, again.err)
        assert warnings(again.err) == []


@pytest.mark.quick(2)
@pytest.mark.parametrize("template", sorted(set(TEMPLATES) - ONE_HOST))
def test_a_starter_on_a_swarm_does_not_speak_of_compose(edgegen: Edgegen, tmp_path: Path, template: str) -> None:
    assert edgegen("init", template, "app.commenthouse.com", "--target", "swarm", cwd=tmp_path).code == 0
    text = (tmp_path / "edge.yaml").read_text()
    assert not [words for words in ("--volumes", "depends_on", "127.0.0.1:8080", "-e dev") if words in text]


def warnings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("warning: edge.yaml") and UNPINNED not in line]
