"""What the services write: streamed, as data, and when there is nothing to show."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import OutsideError, UsageError
from edgegen.deploy.backends.base import LogsWanted
from tests.deploy.conftest import compose
from tests.fakes.docker_cli import FakeDocker, a_healthy_world


@pytest.fixture
def world(fake: FakeDocker) -> FakeDocker:
    a_healthy_world(fake)
    return fake


def test_logs_stream(world: FakeDocker, project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    world.answer("logs", "web-1  | hello\n")
    compose(project).logs(LogsWanted(["web"], follow=True, color=False))
    assert capfd.readouterr().out == "web-1  | hello\n"
    assert world.called("logs --no-color --follow -- web")


def test_logs_of_a_service_that_is_not_there(world: FakeDocker, project: Path) -> None:
    world.answer("logs", err="no such service: wbe", code=1)
    with pytest.raises(UsageError) as caught:
        compose(project).logs(LogsWanted(["wbe", "edge"]))
    assert [problem.hint for problem in caught.value.problems] == ["did you mean `web`?"]
    with pytest.raises(OutsideError):
        compose(project).logs(LogsWanted(["web"]))


def test_interrupted_logs_are_no_failure(world: FakeDocker, project: Path) -> None:
    world.answer("logs", code=130)
    with pytest.raises(KeyboardInterrupt):
        compose(project).logs(LogsWanted([]))


def test_logs_as_data(world: FakeDocker, project: Path) -> None:
    world.answer("logs", "web-1  | 2026-01-01T00:00:00Z a | b\n")
    assert compose(project).log_lines(LogsWanted()) == [
        {"container": "web-1", "time": "2026-01-01T00:00:00Z", "text": "a | b"}
    ]


@pytest.mark.parametrize(("lines", "taken"), [(2, True), (3, True), (4, False)])
def test_as_many_lines_as_one_object_holds(
    lines: int, taken: bool, world: FakeDocker, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgegen.deploy.backends.base.MOST_LINES", 3)
    world.answer("logs", "web-1  | 2026-01-01T00:00:00Z a\n" * lines)
    if taken:
        assert len(compose(project).log_lines(LogsWanted())) == lines
        return
    with pytest.raises(OutsideError, match="the logs have 4 lines") as caught:
        compose(project).log_lines(LogsWanted())
    assert "--tail" in caught.value.problems[0].hint
