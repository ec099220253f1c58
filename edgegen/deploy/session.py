"""A rendered project, with everything needed to talk about it to Compose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from edgegen.core.errors import OutsideError, SpecError
from edgegen.deploy import compose_cli
from edgegen.deploy.answers import read_object
from edgegen.deploy.command import Command
from edgegen.deploy.compose_cli import Compose, Stack
from edgegen.deploy.health import Row, Standing, read_standing
from edgegen.deploy.model import CONFIG, Project
from edgegen.deploy.runner import Executor
from edgegen.deploy.terminal_text import tail

_FILES = "`edgegen render` writes the first file anew; the override, if there is one, is yours"
_NO_VALUE = "required variable "
_VARIABLE = "set the variable in the environment or in `.env`"
_TWO_FORMS = "can't set distinct values on"
"""Compose's words where one file has `mem_limit` and another `deploy.resources.limits`, for one service."""
_LIMITS = "edgegen writes `mem_limit` and `pids_limit`: write the limits of the override so too (`cpus` for its CPUs)"


@dataclass(frozen=True, slots=True)
class Session:
    """A project as Compose reads it, the Compose that reads it, and what runs commands."""

    compose: Compose
    stack: Stack
    project: Project
    runner: Executor
    quiet: bool = False

    def suspects(self, standing: Standing) -> tuple[Row, ...]:
        """Who is not well of the services that `up` starts: the ill ones; where there are none, the pending ones.

        A container of a profile that nobody asked for is not among them.
        """
        own = {service.name for service in self.project.services}
        return tuple(row for row in standing.suspects if row.service in own)


def open_session(project: Path, compose_file: Path, runner: Executor, *, quiet: bool = False) -> Session:
    """Find Compose, and let it read the project.

    Raises OutsideError (no Compose, or one that can't be understood) and SpecError (wrong files).
    """
    compose = compose_cli.find(runner)
    stack = Stack.of(project, compose_file)
    result = runner.run(compose_cli.config_command(compose, stack))
    if not result.ok:
        said = "\n".join(line for line in result.stderr.splitlines() if "level=warning" not in line)
        raise SpecError(f"Compose refuses {' + '.join(map(str, stack.files))}: {tail(said, 5)}", hint=_hint(said))
    return Session(compose, stack, Project.read(read_object(result.stdout, CONFIG, "the project")), runner, quiet)


def _hint(said: str) -> str:
    if _NO_VALUE in said:
        return _VARIABLE
    return _LIMITS if _TWO_FORMS in said else _FILES


def run_compose(session: Session, command: Command) -> None:
    """Raises OutsideError when Compose fails.

    Its progress belongs to stderr; when quiet it is kept, and shown only if something fails.
    """
    runner = session.runner
    result = runner.run(command) if session.quiet else runner.stream(command, to_stderr=True)
    if not result.ok:
        said = f": {tail(result.stderr, 5)}" if result.stderr.strip() else ""
        raise OutsideError(f"`{command.line()}` ended with exit code {result.returncode}{said}")


def ask_standing(session: Session) -> Standing:
    """How the containers stand now. Raises OutsideError."""
    result = session.runner.run(compose_cli.ps_command(session.compose, session.stack))
    if not result.ok:
        raise OutsideError(f"Compose could not list the containers: {tail(result.stderr, 3)}")
    return read_standing(session.project, result.stdout)
