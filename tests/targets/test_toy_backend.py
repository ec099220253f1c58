"""A second target's stack is started, shown and stopped by its own backend, and a switch of target is noticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgegen.cli import console
from edgegen.cli.app import run
from edgegen.deploy.backends import BACKENDS
from edgegen.files import last_render
from edgegen.target_names import TARGETS
from tests.fakes.docker_cli import FakeDocker, a_healthy_world

SPEC = """\
name: fleet
target: toy
edge: none
services:
  web: {image: "ghcr.io/acme/web:1.4"}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # One line each.
    monkeypatch.setitem(TARGETS, "toy", "tests.targets.toy:ToyTarget")  # type: ignore[arg-type]
    monkeypatch.setitem(BACKENDS, "toy", "tests.targets.toy_backend:ToyBackend")  # type: ignore[arg-type]
    monkeypatch.setattr(console.Console, "quiet", False)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "edge.yaml").write_text(SPEC)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    home = tmp_path / "bin"
    home.mkdir()
    fake = FakeDocker(home)
    a_healthy_world(fake)
    monkeypatch.setenv("PATH", str(home))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    return fake


@pytest.mark.usefixtures("docker")
def test_its_stack_goes_up_and_down(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["up", "--wait", "5"]) == 0
    seen = capfd.readouterr()
    assert "wound up within 5 seconds" in seen.err
    assert [line.split()[:2] for line in seen.out.splitlines()] == [["SERVICE", "STATE"], ["web", "running"]]
    assert run(["status"]) == 0
    assert run(["logs", "web"]) == 0
    assert "ticks of web" in capfd.readouterr().out
    assert run(["logs", "web", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["lines"] == [{"container": "web.1", "time": "", "text": "tick"}]
    assert run(["down", "--volumes", "--yes", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["deleted_volumes"] == ["fleet.hold"]
    assert not (project / "running.json").exists()
    assert run(["status"]) == 1


@pytest.mark.usefixtures("docker")
def test_the_steps_around_it_judge_it_as_they_do_compose(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "broken").touch()
    assert run(["up"]) == 4
    (project / "broken").unlink()
    assert run(["up"]) == 0
    (project / "stuck").touch()
    assert run(["down"]) == 5
    assert "still there: web" in capfd.readouterr().err


def test_a_dry_run_shows_its_commands(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["up", "--dry-run", "--wait", "9"]) == 0
    assert capfd.readouterr().out == "wind up fleet 9 True\n"
    assert run(["render"]) == 0
    capfd.readouterr()
    assert run(["down", "--dry-run"]) == 0
    assert capfd.readouterr().out == "wind down\n"


@pytest.mark.usefixtures("docker")
def test_a_switch_of_target_is_noticed_while_the_old_stack_runs(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["up"]) == 0
    before = (project / "toy-stack.yml").read_text()
    (project / "edge.yaml").write_text(SPEC.replace("target: toy", "target: compose"))
    capfd.readouterr()
    assert run(["up"]) == 3
    said = capfd.readouterr().err
    assert "edge.yaml:2:9: the stack of target `toy` still runs (web), and `target: compose` would start a" in said
    assert "`edgegen down` stops it" in said
    assert (project / "toy-stack.yml").read_text() == before  # nothing was written
    assert not (project / "docker-compose.yml").exists()
    assert run(["down"]) == 0  # by the old target's backend
    assert not (project / "running.json").exists()


def test_a_switch_back_asks_the_other_backend(
    project: Path, docker: FakeDocker, capfd: pytest.CaptureFixture[str]
) -> None:
    """The same the other way round: Compose's containers, and files that were rendered in between."""
    (project / "edge.yaml").write_text(SPEC.replace("target: toy", "target: compose"))
    assert run(["render"]) == 0
    (project / "edge.yaml").write_text(SPEC)
    assert run(["render"]) == 0
    assert last_render(project).targets == ("compose", "toy")
    docker.answer(
        "docker ps --all --filter label=com.docker.compose.project=fleet --format {{.Names}}", "fleet-web-1\n"
    )
    assert run(["up"]) == 3
    said = capfd.readouterr().err
    assert "the stack of target `compose` still runs (fleet-web-1)" in said
    assert "Set `target: compose` again, run `edgegen render`, and then `edgegen down` stops it" in said
    docker.answer("docker ps --all --filter label=com.docker.compose.project=fleet --format {{.Names}}")
    assert run(["up"]) == 0
    assert run(["status"]) == 0


def test_a_folder_of_a_target_that_is_not_run_here(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["render"]) == 0
    monkeypatch.delitem(BACKENDS, "toy")  # type: ignore[arg-type]
    for command in ("status", "down", "logs"):
        assert run([command]) == 3
        assert (
            "was last rendered for target `toy`, which this version of edgegen does not run" in capfd.readouterr().err
        )


def test_a_folder_without_a_manifest_is_composes(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["status"]) == 2
    assert "docker-compose.yml does not exist: nothing has been rendered here" in capfd.readouterr().err


def test_a_manifest_of_before_targets_were_kept_is_composes(project: Path) -> None:
    assert run(["render"]) == 0
    file = project / ".edgegen" / "manifest.json"
    data = json.loads(file.read_text())
    assert data.pop("targets") == ["toy"]
    file.write_text(json.dumps(data))
    assert last_render(project).targets == ("compose",)
    assert run(["render", "--force"]) == 0
    assert last_render(project).targets == ("compose", "toy")
