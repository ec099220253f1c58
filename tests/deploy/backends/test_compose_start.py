"""An ill service speaks for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.deploy.backends.compose_start import problem, show_unhealthy
from edgegen.deploy.health import Row, Standing, Verdict
from tests.deploy.conftest import compose
from tests.fakes.docker_cli import FakeDocker, a_healthy_world


class Notes(list[str]):
    """A reporter that remembers."""

    def note(self, text: str, /) -> None:
        self.append(text)

    def tick(self, text: str, /) -> None:
        """What is in order is not a note."""


@pytest.fixture
def world(fake: FakeDocker) -> FakeDocker:
    a_healthy_world(fake)
    fake.answer("docker inspect", {})
    fake.answer("logs", "web-1  | \x1b]0;evil\x07fatal\n")
    return fake


def told(project: Path, *rows: Row) -> Notes:
    notes = Notes()
    show_unhealthy(compose(project), Standing("shop", rows).suspects, notes)
    return notes


def test_only_the_ill_speak(world: FakeDocker, project: Path) -> None:
    good = Row("edge", "shop-edge-1", "running", "healthy", verdict=Verdict.HEALTHY)
    absent = Row("db")
    ill = Row("web", "shop-web-1", "exited", exit_code=3, verdict=Verdict.ILL)
    assert told(project, good, absent, ill) == [
        "service `web` is exited (3)",
        "its last log lines (at most 20):\nweb-1  | \\x1b]0;evil\\x07fatal",
    ]


def test_of_many_the_first_few(world: FakeDocker, project: Path) -> None:
    rows = [Row("web", f"shop-web-{number}", "exited", verdict=Verdict.ILL) for number in range(9)]
    assert len(told(project, *rows)) == 10


def test_as_a_problem() -> None:
    assert str(problem(Row("db"))) == "services.db: has no container"
    assert "edgegen logs web" in problem(Row("web", "c", "dead", verdict=Verdict.ILL)).hint


def test_what_has_never_run_has_no_output_to_look_at() -> None:
    row = Row("web", "c", "created", verdict=Verdict.ILL, error="Bind for 0.0.0.0:80 failed: port is already allocated")
    assert "docker ps" in problem(row).hint
    assert problem(Row("web", "c", "created", verdict=Verdict.PENDING)).hint == ""
