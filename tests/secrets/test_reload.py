"""The file that makes Traefik read its users again changes with them, and only with them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.conftest import Edgegen

SPEC = "name: a\nservices:\n  hub: {kind: registry, host: r.example.com, users: [ci%s], anonymous: pull}\n"
FILE = "traefik/dynamic/users-hub.yml"


@pytest.fixture
def project(edgegen: Edgegen, tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC % "")
    assert edgegen("render", cwd=tmp_path).code == 0
    return tmp_path


@pytest.mark.slow
def test_it_is_private_and_a_dynamic_file(project: Path) -> None:
    assert (project / FILE).stat().st_mode & 0o777 == 0o600
    (name,) = yaml.safe_load((project / FILE).read_text())["http"]["middlewares"]
    assert name.startswith("hub-users-")


def test_another_password_changes_it_and_a_render_does_not(project: Path, edgegen: Edgegen) -> None:
    before = (project / FILE).read_bytes()
    assert edgegen("render", cwd=project).code == 0
    assert (project / FILE).read_bytes() == before
    assert edgegen("registry", "user", "passwd", "ci", cwd=project).code == 0
    after = (project / FILE).read_bytes()
    assert after != before
    assert edgegen("render", "--check", cwd=project).code == 0
    assert edgegen("render", cwd=project).code == 0
    assert (project / FILE).read_bytes() == after


@pytest.mark.slow
def test_a_user_who_is_removed_and_one_who_is_added_by_the_spec_change_it(project: Path, edgegen: Edgegen) -> None:
    seen = [(project / FILE).read_bytes()]
    (project / "edge.yaml").write_text(SPEC % ", eve")
    assert edgegen("render", cwd=project).code == 0
    seen.append((project / FILE).read_bytes())
    assert edgegen("render", "--check", cwd=project).code == 0
    assert edgegen("registry", "user", "rm", "eve", cwd=project).code == 0
    seen.append((project / FILE).read_bytes())
    assert seen[1] != seen[0]
    assert seen[2] == seen[0], "the same users, the same file"


@pytest.mark.slow
def test_a_registry_that_asks_itself_has_none(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text((SPEC % "").replace(", anonymous: pull", ""))
    assert edgegen("render", cwd=tmp_path).code == 0
    assert edgegen("registry", "user", "passwd", "ci", cwd=tmp_path).code == 0
    assert not (tmp_path / FILE).exists()
