"""What runs the toy target: a folder that remembers. One file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from edgegen.core.errors import OutsideError, Problem
from edgegen.deploy.backends.base import Asked, Changes, LogsWanted, Place, Reporter, Start
from edgegen.deploy.command import Command
from edgegen.deploy.health import Row, Standing, Verdict
from edgegen.deploy.model import Project, ServiceModel, read_yaml
from edgegen.deploy.preflight import Preflight


class ToyBackend:
    """Services run while their names stand in `FOLDER/running.json`."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._state = Path(place.folder) / "running.json"

    def read(self) -> Project:
        data = read_yaml(self.place.file.read_text())
        return Project(data["name"], tuple(ServiceModel(name) for name in data["services"]))

    def preflight(self, project: Project, asked: Asked) -> Preflight:
        return Preflight()

    def others(self, project: Project) -> Iterator[Problem]:
        return iter(())

    def instead(self, project: Project) -> Iterator[Problem]:
        return iter(())

    def strangers(self) -> Iterator[Problem]:
        return iter(())

    def up(self, project: Project, how: Start, changes: Changes, reporter: Reporter) -> Standing:
        if (self.place.folder / "broken").exists():
            raise OutsideError("the toy is broken")
        self._state.write_text(json.dumps([service.name for service in project.services]))
        changes.ran("wind up")
        reporter.note(f"wound up within {how.wait} seconds")
        return self.status(project)

    def down(self, changes: Changes, *, volumes: bool) -> None:
        if not (self.place.folder / "stuck").exists():
            self._state.unlink(missing_ok=True)
        changes.ran(f"wind down, volumes {volumes}")

    def left_behind(self, name: str) -> Iterator[Problem]:
        if left := self.running(name):
            yield Problem(f"still there: {', '.join(left)}")

    def status(self, project: Project, host: str = "") -> Standing:
        running = self.running(project.name)
        names = [service.name for service in project.services]
        wound = [Row(name, f"{name}.1", "running", verdict=Verdict.HEALTHY) for name in names if name in running]
        return Standing(project.name, (*wound, *(Row(name) for name in names if name not in running)))

    def logs(self, wanted: LogsWanted) -> None:
        print(f"ticks of {', '.join(wanted.services)}")

    def log_lines(self, wanted: LogsWanted) -> list[dict[str, str]]:
        return [{"container": f"{name}.1", "time": "", "text": "tick"} for name in wanted.services]

    def snapshot(self, name: str) -> frozenset[str]:
        return frozenset(f"container {service}" for service in self.running(name))

    def running(self, name: str) -> tuple[str, ...]:
        assert name == "fleet"
        return tuple(json.loads(self._state.read_text())) if self._state.exists() else ()

    def volumes(self, name: str) -> tuple[str, ...]:
        return (f"{name}.hold",)

    def up_commands(
        self, text: str, wait: int, *, build: bool = True, values: Mapping[str, str] | None = None
    ) -> list[Command]:
        return [Command(("wind", "up", read_yaml(text)["name"], str(wait), str(build)))]

    def unlisted(self, text: str) -> Iterator[str]:
        return iter(())

    def down_commands(self, *, volumes: bool = False) -> list[Command]:
        return [Command(("wind", "down"))]
