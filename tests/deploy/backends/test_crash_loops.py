"""A container without a health check that ends again and again: Compose's `--wait` takes it for healthy."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import PartialError
from edgegen.deploy import steps
from edgegen.deploy.backends.base import Start
from edgegen.deploy.health import Verdict
from tests.deploy.conftest import compose
from tests.deploy.test_containers import described
from tests.fakes.docker_cli import CONFIG, FakeDocker, a_healthy_world, lines, row

pytestmark = pytest.mark.slow


class Notes(list[str]):
    """A reporter that remembers."""

    def note(self, text: str, /) -> None:
        self.append(text)

    def tick(self, text: str, /) -> None:
        """What is in order is not a note."""


class Clock:
    """Time passes only in `sleep`."""

    def __init__(self) -> None:
        self.naps: list[float] = []

    def now(self) -> float:
        return sum(self.naps)

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)


class Scene:
    """A `web` without a health check, beside an edge that is healthy."""

    def __init__(self, fake: FakeDocker, project: Path) -> None:
        self.fake, self.clock, self.notes = fake, Clock(), Notes()
        self.backend = compose(project)
        self.backend.clock = self.clock
        fake.answer("config --format json", {key: CONFIG[key] for key in ("name", "services")})
        fake.answer("logs", "web-1  | no database\n")
        fake.answers("docker ps --all --quiet", [fake.reply(), fake.reply("c1\n")])

    def looks(self, *looks: tuple[str, int]) -> None:
        """What each look at it shows: its status, and how often it was restarted."""
        self.fake.answers("ps --all --format json", [self.fake.reply(self._rows(status)) for status, _ in looks])
        self.fake.answers(
            "docker inspect --type container", [self.fake.reply(described(restarts=number)) for _, number in looks]
        )

    def _rows(self, status: str) -> str:
        state = "restarting" if status.startswith("Restarting") else "running"
        return lines(row("edge"), {**row("web", state, ""), "Status": status})

    def up(self, wait: int = 60) -> steps.Raised:
        return steps.up(self.backend, self.notes, Start(wait))


@pytest.fixture
def scene(fake: FakeDocker, project: Path) -> Scene:
    a_healthy_world(fake)
    return Scene(fake, project)


def test_one_that_keeps_running_is_looked_at_twice(scene: Scene) -> None:
    scene.looks(("Up 1 second", 0), ("Up 5 seconds", 0))
    assert scene.up().standing.ok
    assert scene.clock.naps == [4]


def test_one_that_runs_already_is_not_waited_for(scene: Scene) -> None:
    scene.looks(("Up 3 minutes", 0))
    assert scene.up().standing.ok
    assert scene.clock.naps == []
    assert len(scene.fake.called("ps --all --format json")) == 1


def test_one_that_ends_again_and_again_is_not_well(scene: Scene) -> None:
    scene.looks(("Up Less than a second", 0), ("Up 1 second", 2), ("Restarting (1) 2 seconds ago", 4))
    with pytest.raises(PartialError, match=r"services.web: ended and was restarted 4 times"):
        scene.up(wait=14)
    assert "no database" in "".join(scene.notes)
    assert scene.clock.naps == [5, 4, 5]


def test_one_that_needed_a_second_try_is_well(scene: Scene) -> None:
    """Its database was not ready yet; it is not asked to come up at once, only to stay up."""
    scene.looks(("Restarting (1) Less than a second ago", 5), ("Up 2 seconds", 6), ("Up 5 seconds", 6))
    assert scene.up().standing.ok


def test_nobody_waits_longer_than_a_minute_for_it(scene: Scene) -> None:
    scene.looks(("Restarting (1) 2 seconds ago", 9))
    with pytest.raises(PartialError):
        scene.up(wait=600)
    assert sum(scene.clock.naps) == 60


def test_what_is_wrong_otherwise_is_said_at_once(scene: Scene) -> None:
    ill = lines(row("edge", health="unhealthy"), {**row("web", health=""), "Status": "Up 1 second"})
    scene.fake.answer("ps --all --format json", ill)
    scene.fake.answer("docker inspect --type container", described(restarts=1))
    with pytest.raises(PartialError, match="is running and unhealthy"):
        scene.up()
    assert scene.clock.naps == []


def test_the_wait_ends(scene: Scene) -> None:
    """After it, one that was restarted is not known to be well, and one that was not is."""
    scene.looks(*[("Up 1 second", 1)] * 3)
    with pytest.raises(PartialError, match="restarted 1 time, last less than a minute ago"):
        scene.up(wait=6)
    assert scene.clock.naps == [4, 2]
    scene.fake.answers("docker ps --all --quiet", [scene.fake.reply(), scene.fake.reply("c1\n")])
    scene.looks(("Up 1 second", 0))
    scene.clock.naps.clear()
    assert scene.up(wait=2).standing.ok


@pytest.mark.parametrize(
    ("status", "restarts", "verdict"),
    [("Up 8 seconds", 1, Verdict.PENDING), ("Up 8 seconds", 3, Verdict.ILL), ("Up 2 hours", 3, Verdict.HEALTHY)],
)
def test_status_within_a_minute_of_a_restart(scene: Scene, status: str, restarts: int, verdict: Verdict) -> None:
    scene.fake.answer("docker ps --all --quiet", "c1\n")
    scene.looks((status, restarts))
    found = {found.service: found for found in steps.status(scene.backend).rows}
    assert found["web"].verdict is verdict


def test_a_health_check_is_believed(scene: Scene) -> None:
    scene.fake.answer("ps --all --format json", lines(row("edge"), {**row("web"), "Status": "Up 2 seconds (healthy)"}))
    assert steps.status(scene.backend).ok
    assert not scene.fake.called("docker inspect")


def test_what_the_engine_could_not_start_is_named_with_the_reason(scene: Scene) -> None:
    """It has only been created, as has one that waits for another. Compose does not say whose program is missing."""
    scene.fake.answer("up -d", code=1)
    scene.fake.answer("ps --all --format json", lines(row("edge", health="unhealthy"), row("web", "created", "")))
    missing = {"Status": "created", "Error": "executable file `/nope` not found", "ExitCode": 127}
    scene.fake.answer("docker inspect --type container", described(state=missing))
    with pytest.raises(PartialError) as caught:
        scene.up()
    assert "services.web: does not run (created): executable file `/nope` not found" in str(caught.value)
    assert "services.edge: is running and unhealthy" in str(caught.value)


def test_one_that_waits_for_another_is_not_to_blame(scene: Scene) -> None:
    scene.fake.answer("up -d", code=1)
    scene.fake.answer("ps --all --format json", lines(row("edge", health="unhealthy"), row("web", "created", "")))
    scene.fake.answer("docker inspect --type container", described(state={"Status": "created", "Error": ""}))
    with pytest.raises(PartialError) as caught:
        scene.up()
    assert "services.web" not in str(caught.value)


def test_one_that_ran_out_of_memory(scene: Scene) -> None:
    killed = {"Status": "exited", "ExitCode": 137, "OOMKilled": True}
    scene.fake.answer("ps --all --format json", lines(row("edge"), row("web", "exited", "", 137)))
    scene.fake.answer("docker inspect --type container", described(state=killed))
    with pytest.raises(PartialError, match="ran out of memory: see `mem_limit`"):
        scene.up()
    assert "does not run (exited): it ran out of memory" in scene.notes[0]
