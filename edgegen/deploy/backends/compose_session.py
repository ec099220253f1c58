"""One project, with everything needed to talk about it to Compose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import structs

from edgegen.core.errors import OutsideError, Problem, RefusedError, SpecError
from edgegen.core.location import Location
from edgegen.deploy.backends import compose_cli
from edgegen.deploy.backends.base import Place
from edgegen.deploy.backends.compose_cli import Compose, Stack
from edgegen.deploy.backends.compose_ps import read_standing
from edgegen.deploy.backends.compose_warnings import warnings, without_warnings
from edgegen.deploy.containers import containers
from edgegen.deploy.health import UNTRIED, Standing
from edgegen.deploy.model import CONFIG, Project
from edgegen.deploy.terminal_text import tail
from edgegen.system.clock import Clock, WallClock

_FILES = "`edgegen render` writes the first file again; the override, if there is one, is yours"
_NO_VALUE = "required variable "
_VARIABLE = "set the variable in the environment or in `.env`"
_TWO_FORMS = "can't set distinct values on"
"""Compose's words if one file has `mem_limit` and another `deploy.resources.limits` for the same service."""
_LIMITS = "edgegen writes `mem_limit` and `pids_limit`: use the same form in the override (`cpus` for its CPUs)"


class Session:
    """The project of one place, and the Compose of this machine."""

    clock: Clock = WallClock()

    def __init__(self, place: Place) -> None:
        self.place = place
        self.runner = place.runner
        self.stack = Stack.of(place.folder, place.file)
        self.folder = place.folder
        """Where its files are, on the host of the engine."""
        self.changed: Mapping[str, float] | None = None
        """When its files changed, if that is another host."""

    @cached_property
    def found(self) -> compose_cli.Found:
        """Compose on this machine. Raises OutsideError if there is none, or none that is new enough."""
        return compose_cli.search(self.runner)

    @property
    def compose(self) -> Compose:
        """How Compose is called. Raises OutsideError as `found` does."""
        return self.found.argv

    def read(self) -> Project:
        """The project as Compose reads it. Raises OutsideError, SpecError and RefusedError."""
        result = self.runner.run(compose_cli.config_command(self.compose, self.stack))
        if result.ok:
            project = Project.read(CONFIG.json_object(result.stdout, "the project"))
            return replace(project, obstacles=tuple(renamed(self.stack)), warnings=warnings(result.stderr))
        said = without_warnings(result.stderr)
        message = f"Compose refuses {' + '.join(map(str, self.stack.files))}: {tail(said, 5)}"
        if _NO_VALUE in said:
            raise RefusedError(message, hint=_VARIABLE)
        raise SpecError(message, hint=_LIMITS if _TWO_FORMS in said else _FILES)

    def whole(self, folder: Path, *, resolved: bool) -> dict[str, Any]:
        """The project with all its profiles, as Compose reads it in `folder`; may have secrets in it."""
        files = tuple(file.absolute() for file in self.stack.files)
        stack = replace(self.stack, project=folder, files=files)
        result = self.runner.run(compose_cli.whole_config_command(self.compose, stack, resolved=resolved))
        if not result.ok:
            raise OutsideError(f"Compose could not print the project: {tail(result.stderr, 3)}")
        return CONFIG.json_object(result.stdout, "the project")

    def standing(self, project: Project, steady: int = UNTRIED) -> Standing:
        """The present state of the containers. Raises OutsideError.

        Without a health check, one that ends again and again looks well each time it has just been restarted: within
        `steady` seconds its restarts count.
        """
        result = self.runner.run(compose_cli.ps_command(self.compose, self.stack))
        if not result.ok:
            raise OutsideError(f"Compose could not list the containers: {tail(result.stderr, 3)}")
        standing = read_standing(project, result.stdout)
        if not any(row.may_end_again for row in standing.rows):
            return standing
        restarts = {item.name: item.restarts for item in containers(self.runner, project.name)}
        rows = (
            row.restarted(restarts.get(row.container, 0), steady) if row.may_end_again else row for row in standing.rows
        )
        return structs.replace(standing, rows=tuple(rows))


def renamed(stack: Stack) -> Iterator[Problem]:
    """The problem, if an override has another `name`: it would make a second project.

    Compose refuses what can't be read.
    """
    for file in stack.files[1:]:
        try:
            found = _name(file.read_text("utf-8", "replace"))
        except OSError:
            continue
        if found is not None and stack.name and found[0] != stack.name:
            yield Problem(
                f"the override names the project `{found[0]}`, and edge.yaml names it `{stack.name}`",
                Location(str(file), found[1]),
                "name",
                hint="remove the line; set the name in edge.yaml",
            )


def _name(text: str) -> tuple[str, int] | None:
    """The top-level `name` and its line. Compose's own tags (`!reset`) are not interpreted."""
    import yaml

    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError):
        return None
    pairs: list[tuple[Any, Any]] = root.value if isinstance(root, yaml.MappingNode) else []
    for key, value in pairs:
        if key.value == "name" and isinstance(value, yaml.ScalarNode):
            return str(value.value), value.start_mark.line + 1
    return None
