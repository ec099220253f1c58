"""up, down, status and logs of a rendered compose project: what happens, in order. The caller prints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from edgegen.core.errors import OutsideError, PartialError, Problem, RefusedError, SpecError, UsageError
from edgegen.core.suggest import suggest
from edgegen.deploy import compose_cli, engine
from edgegen.deploy.command import Command
from edgegen.deploy.compose_cli import Compose, Stack
from edgegen.deploy.health import Row, Standing, Verdict, explain, read_standing
from edgegen.deploy.model import Project, external_names
from edgegen.deploy.preflight import look, missing
from edgegen.deploy.runner import Executor
from edgegen.deploy.screen import printable, tail

WAIT_TIMEOUT = 180
"""Seconds that `up` waits for health: images are pulled before the clock starts."""

LOG_LINES = 20
_INTERRUPTED = (130, -2)
"""Compose's exit code after Ctrl-C, and Python's word for a child that SIGINT ended."""

_MOST_SHOWN = 5
"""Of many ill services, the first few tell the story."""


class Reporter(Protocol):
    """Where remarks go: stderr, or nowhere."""

    def note(self, text: str, /) -> None:
        """Say one thing."""


@dataclass(frozen=True, slots=True)
class Session:
    """A project with everything needed to talk about it."""

    compose: Compose
    stack: Stack
    project: Project
    runner: Executor
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """What `up` has done: how the project stands, and which externals it made."""

    standing: Standing
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()


def up(
    project: Path,
    compose_file: Path,
    runner: Executor,
    reporter: Reporter,
    wait_timeout: int = WAIT_TIMEOUT,
    *,
    host: str = "",
    quiet: bool = False,
) -> Raised:
    """Look first, make what is missing, start everything, wait for health.

    Raises SpecError when Compose refuses the files, RefusedError when the preflight found an obstacle,
    OutsideError when the world failed before anything was changed, PartialError afterwards.
    """
    session = open_session(project, compose_file, runner, quiet=quiet)
    if host:
        refuse_bind_mounts(session.project, host)
    _preflight(session, reporter, host)
    changes = _Changes(engine.snapshot(runner, session.project.name))
    with _partial_after_changes(session, changes):
        networks = _create(session, "network", session.project.networks, changes, reporter)
        volumes = _create(session, "volume", session.project.volumes, changes, reporter)
        standing = _start(session, reporter, wait_timeout)
    return Raised(standing, networks, volumes)


def up_commands(
    project: Path, compose_file: Path, compose_text: str, wait_timeout: int = WAIT_TIMEOUT
) -> list[Command]:
    """What `up` would run, without asking any program: the externals each behind a question, then Compose.

    `compose_text` is what `compose_file` holds, or will hold. The user's override may use Compose's own YAML tags,
    which only Compose can merge: its externals are left to the real `up`.
    """
    data = _read_yaml(compose_text)
    return [
        *[engine.create_command("network", name) for name in external_names(data, "networks")],
        *[engine.create_command("volume", name) for name in external_names(data, "volumes")],
        compose_cli.up_command(compose_cli.find_offline(), Stack.of(project, compose_file), wait_timeout),
    ]


def down(project: Path, compose_file: Path, runner: Executor, *, volumes: bool = False, quiet: bool = False) -> Project:
    """Stop and remove the project's containers and networks. What is external stays, always.

    Raises SpecError, OutsideError and PartialError as `up` does.
    """
    session = open_session(project, compose_file, runner, quiet=quiet)
    before = engine.snapshot(runner, session.project.name)
    with _partial_after_changes(session, _Changes(before)):
        _run_compose(session, compose_cli.down_command(session.compose, session.stack, volumes=volumes, quiet=quiet))
    return session.project


def down_commands(project: Path, compose_file: Path, *, volumes: bool = False) -> list[Command]:
    """What `down` would run, without asking any program."""
    return [compose_cli.down_command(compose_cli.find_offline(), Stack.of(project, compose_file), volumes=volumes)]


def own_volumes(project: Path, compose_file: Path, runner: Executor) -> tuple[str, ...]:
    """The volumes that `down --volumes` would delete with everything in them."""
    return open_session(project, compose_file, runner).project.own_volumes


def status(project: Path, compose_file: Path, runner: Executor, *, host: str = "") -> Standing:
    """How the project stands now. Raises SpecError and OutsideError."""
    session = open_session(project, compose_file, runner)
    engine.inspect_engine(runner, host)
    return _standing(session)


def logs(
    project: Path,
    compose_file: Path,
    runner: Executor,
    services: list[str],
    *,
    follow: bool = False,
    tail_lines: str = "",
    since: str = "",
    color: bool = True,
) -> None:
    """Stream what the services write.

    Raises UsageError for a service that the project does not have, OutsideError when Compose is missing or fails,
    KeyboardInterrupt when Compose was interrupted.
    """
    compose = compose_cli.find(runner)
    stack = Stack.of(project, compose_file)
    command = compose_cli.logs_command(
        compose, stack, services, follow=follow, tail=tail_lines, since=since, color=color
    )
    result = runner.stream(command)
    if result.returncode in _INTERRUPTED:
        raise KeyboardInterrupt
    if not result.ok:
        _refuse_unknown_services(project, compose_file, runner, services)
        raise OutsideError(f"Compose could not show the logs (exit code {result.returncode})")


def captured_logs(
    project: Path, compose_file: Path, runner: Executor, services: list[str], *, tail_lines: str = "", since: str = ""
) -> list[dict[str, str]]:
    """The same as data: container, time and text of each line. Raises as `logs` does."""
    stack = Stack.of(project, compose_file)
    command = compose_cli.logs_command(
        compose_cli.find(runner), stack, services, tail=tail_lines, since=since, color=False, timestamps=True
    )
    result = runner.run(command)
    if not result.ok:
        _refuse_unknown_services(project, compose_file, runner, services)
        raise OutsideError(f"Compose could not show the logs: {tail(result.stderr, 3)}")
    return [_log_line(line) for line in result.stdout.splitlines() if line.strip()]


def open_session(project: Path, compose_file: Path, runner: Executor, *, quiet: bool = False) -> Session:
    """Find Compose, and let it read the project. Raises OutsideError (no Compose) and SpecError (wrong files)."""
    compose = compose_cli.find(runner)
    stack = Stack.of(project, compose_file)
    result = runner.run(compose_cli.config_command(compose, stack))
    if not result.ok:
        raise SpecError(
            f"Compose refuses {' + '.join(map(str, stack.files))}: {tail(result.stderr, 5)}",
            hint="`edgegen render` writes the first file anew; the override, if there is one, is yours",
        )
    return Session(compose, stack, Project.read(json.loads(result.stdout)), runner, quiet)


def refuse_bind_mounts(project: Project, host: str) -> None:
    """Files of this machine are not on that one. Raises RefusedError with all of them."""
    if project.host_files:
        raise RefusedError(
            [
                Problem(
                    f"uses {file.source}, which must exist on {host}, and edgegen does not copy files there",
                    path=file.owner,
                    hint="copy the project to that host, and run `edgegen up` there",
                )
                for file in project.host_files
            ]
        )


def _refuse_unknown_services(project: Path, compose_file: Path, runner: Executor, services: list[str]) -> None:
    known = [service.name for service in open_session(project, compose_file, runner).project.services]
    unknown = [name for name in services if name not in known]
    if unknown:
        raise UsageError([_unknown(name, known) for name in unknown])


def _unknown(name: str, known: list[str]) -> Problem:
    near = suggest(name, known)
    hint = f"did you mean `{near}`?" if near else f"the services are {', '.join(sorted(known)) or 'none'}"
    return Problem(f"there is no service `{printable(name)}`", hint=hint)


def _read_yaml(text: str) -> dict[str, Any]:
    import yaml  # a dry run alone reads the file by itself

    data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe ones
    return data if isinstance(data, dict) else {}


@dataclass(slots=True)
class _Changes:
    """The engine's project before, and whether we have certainly changed something beside it."""

    before: frozenset[str]
    made: list[str] = field(default_factory=list)


@contextmanager
def _partial_after_changes(session: Session, changes: _Changes) -> Iterator[None]:
    """An OutsideError that comes after a change is a PartialError: the exit code says "run again"."""
    try:
        yield
    except OutsideError as error:
        if changes.made or _differs(session, changes.before):
            raise PartialError(error.problems) from error
        raise


def _differs(session: Session, before: frozenset[str]) -> bool:
    try:
        return engine.snapshot(session.runner, session.project.name) != before
    except OutsideError:  # the engine has left us: who can tell, so assume the worse
        return True


def _preflight(session: Session, reporter: Reporter, host: str) -> None:
    found = engine.inspect_engine(session.runner, host)
    containers = engine.list_containers(session.runner)
    seen = look(session.project, session.stack.project, found, containers)
    for notice in seen.notices:
        reporter.note(notice)
    if seen.problems:
        raise RefusedError(list(seen.problems))


def _create(
    session: Session, kind: str, wanted: tuple[str, ...], changes: _Changes, reporter: Reporter
) -> tuple[str, ...]:
    if not wanted:
        return ()
    absent = missing(wanted, engine.list_names(session.runner, kind))
    for name in absent:
        result = session.runner.run(engine.create_command(kind, name))
        if not result.ok:
            raise OutsideError(f"{kind} `{name}` could not be made: {tail(result.stderr, 2)}")
        changes.made.append(f"{kind} {name}")
        reporter.note(f"made the external {kind} `{name}`")
    return absent


def _start(session: Session, reporter: Reporter, wait_timeout: int) -> Standing:
    command = compose_cli.up_command(session.compose, session.stack, wait_timeout, quiet=session.quiet)
    try:
        _run_compose(session, command)
    except OutsideError as error:
        standing = _settle(session, wait_timeout)
        if standing.ok:
            return standing
        _show_the_ill(session, standing, reporter)
        raise OutsideError([*error.problems, *[_problem(row) for row in standing.rows if not row.ok]]) from None
    return _standing(session)


def _settle(session: Session, wait_timeout: int) -> Standing:
    """`up --wait` gives up as soon as any container ends, even one that has done its work: wait for the others."""
    standing = _standing(session)
    done = any(row.verdict is Verdict.DONE for row in standing.rows)
    if not done or standing.ill or not standing.pending:
        return standing
    waiting = sorted({row.service for row in standing.pending})
    session.runner.run(compose_cli.wait_command(session.compose, session.stack, waiting, wait_timeout))
    return _standing(session)


def _run_compose(session: Session, command: Command) -> None:
    """Compose's progress belongs to stderr; when quiet it is kept, and shown only if something fails."""
    runner = session.runner
    result = runner.run(command) if session.quiet else runner.stream(command, to_stderr=True)
    if not result.ok:
        said = f": {tail(result.stderr, 5)}" if result.stderr.strip() else ""
        raise OutsideError(f"`{command.line()}` ended with exit code {result.returncode}{said}")


def _standing(session: Session) -> Standing:
    result = session.runner.run(compose_cli.ps_command(session.compose, session.stack))
    if not result.ok:
        raise OutsideError(f"Compose could not list the containers: {tail(result.stderr, 3)}")
    return read_standing(session.project, result.stdout)


def _show_the_ill(session: Session, standing: Standing, reporter: Reporter) -> None:
    for row in [row for row in standing.rows if not row.ok and row.container][:_MOST_SHOWN]:
        check = engine.health_log(session.runner, row.container)
        last = _last_lines(session, row)
        reporter.note(
            f"service `{row.service}` {explain(row)}" + (f"; its health check said: {check}" if check else "")
        )
        if last:
            reporter.note(f"its last {LOG_LINES} lines at most:\n{last}")


def _last_lines(session: Session, row: Row) -> str:
    command = compose_cli.logs_command(session.compose, session.stack, [row.service], tail=str(LOG_LINES), color=False)
    result = session.runner.run(Command(command.argv))
    return tail(result.stdout, LOG_LINES)


def _problem(row: Row) -> Problem:
    hint = f"`edgegen logs {row.service}` shows all it said" if row.container else ""
    return Problem(explain(row), path=f"services.{row.service}", hint=hint)


def _log_line(line: str) -> dict[str, str]:
    """`web-1  | 2026-01-01T00:00:00Z text`: Compose's own prefix and the engine's time, taken apart."""
    container, _, rest = line.partition("|")
    time, _, text = rest.strip().partition(" ")
    return {"container": container.strip(), "time": time, "text": text}
