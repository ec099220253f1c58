"""The project as Compose reads it, and Compose's own failures."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import OutsideError, RefusedError, SpecError
from edgegen.deploy.command import Command
from edgegen.deploy.model import Project
from tests.deploy.conftest import compose
from tests.fakes.docker_cli import FakeDocker, a_healthy_world


@pytest.fixture
def world(fake: FakeDocker) -> FakeDocker:
    a_healthy_world(fake)
    return fake


def test_a_project_is_opened(world: FakeDocker, project: Path) -> None:
    session = compose(project)
    assert (session.read().name, session.compose) == ("shop", ("docker", "compose"))


def test_both_files_are_named_when_compose_refuses_them(world: FakeDocker, project: Path) -> None:
    (project / "compose.override.yaml").touch()
    world.answer("config --format json", err="\x1b[31mbad\n", code=1)
    with pytest.raises(SpecError) as caught:
        compose(project).read()
    assert "docker-compose.yml + " in str(caught.value)
    assert "compose.override.yaml: \\x1b[31mbad" in str(caught.value)


def test_a_required_variable_without_a_value_is_refused(world: FakeDocker, project: Path) -> None:
    """What Compose 5.6 said; its warnings about other variables hid the line that counts."""
    said = """\
time="2026-01-01T00:00:00Z" level=warning msg="The \\"V\\" variable is not set. Defaulting to a blank string."
error while interpolating services.web.image: required variable TAG is missing a value: needed
"""
    world.answer("config --format json", err=said, code=1)
    with pytest.raises(RefusedError) as caught:
        compose(project).read()
    assert str(caught.value).endswith("docker-compose.yml: " + said.splitlines()[1])
    assert caught.value.problems[0].hint == "set the variable in the environment or in `.env`"


def test_limits_in_another_form_than_edgegens(world: FakeDocker, project: Path) -> None:
    """What Compose 5.6 said where an override had `deploy: {resources: {limits: {memory: 512m}}}`."""
    said = "services.traefik: can't set distinct values on 'mem_limit' and 'deploy.resources.limits.memory': invalid"
    world.answer("config --format json", err=said, code=1)
    with pytest.raises(SpecError) as caught:
        compose(project).read()
    assert "use the same form in the override" in caught.value.problems[0].hint


def test_progress_goes_to_stderr_and_is_kept_when_quiet(
    world: FakeDocker, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    world.answer("up", out="progress\n")
    compose(project).place.carry_out(Command(("docker", "compose", "up")))
    assert capfd.readouterr() == ("", "progress\n")
    compose(project, quiet=True).place.carry_out(Command(("docker", "compose", "up")))
    assert capfd.readouterr() == ("", "")


def test_a_failing_compose(world: FakeDocker, project: Path) -> None:
    world.answer("up", err="manifest unknown", code=18)
    with pytest.raises(OutsideError, match="exit code 18: manifest unknown"):
        compose(project, quiet=True).place.carry_out(Command(("docker", "compose", "up")))
    world.answer("ps --all --format json", err="boom", code=1)
    with pytest.raises(OutsideError, match="boom"):
        compose(project).standing(Project("shop"))


LIMIT = "Error response from daemon: toomanyrequests: You have reached your pull rate limit"
BUILT = "#8 a line of the build\n" * 20


@pytest.mark.parametrize("quiet", [True, False])
def test_a_failure_in_dockers_words_has_a_hint(
    fake: FakeDocker, project: Path, capfd: pytest.CaptureFixture[str], *, quiet: bool
) -> None:
    """Whether Compose writes to the terminal or not; what it has written there is not repeated."""
    fake.install("docker")
    said = f"#7 0.2 no space left on device\n{BUILT} web Error\n{LIMIT}\n"
    fake.answer("compose up", err=said, code=18)
    with pytest.raises(OutsideError) as caught:
        compose(project, quiet=quiet).place.carry_out(Command(("docker", "compose", "up")))
    assert "`docker login`" in caught.value.problems[0].hint
    assert (LIMIT in str(caught.value)) is quiet
    assert (LIMIT in capfd.readouterr().err) is not quiet
