"""up, down and status of a rendered compose project: what happens, in order. The caller prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgegen.core.errors import OutsideError, Problem, RefusedError, at_most
from edgegen.deploy import compose_cli, engine
from edgegen.deploy.around import look_around
from edgegen.deploy.changes import Changes, partial_after_changes
from edgegen.deploy.command import Command
from edgegen.deploy.compose_cli import Stack
from edgegen.deploy.containers import ContainerSeen, containers
from edgegen.deploy.diagnosis import Reporter, problem, show_the_ill
from edgegen.deploy.far_host import files_of, is_far, refuse_files
from edgegen.deploy.health import Standing, Verdict
from edgegen.deploy.model import Project, external_names
from edgegen.deploy.neighbours import elsewhere
from edgegen.deploy.outdated import outdated_services
from edgegen.deploy.preflight import look, missing
from edgegen.deploy.runner import Executor
from edgegen.deploy.session import Session, ask_standing, open_session, run_compose
from edgegen.deploy.shared_edge import Wish
from edgegen.deploy.terminal_text import tail
from edgegen.spec.variables import evaluate

WAIT_TIMEOUT = 180
"""Seconds that `up` waits for health: images are pulled and built before the clock starts."""


_MOST_NAMED = 10
"""Containers in one sentence."""


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
    build: bool = True,
    quiet: bool = False,
    wish: Wish | None = None,
) -> Raised:
    """Look first, make what is missing, build and start everything, wait for health.

    Raises SpecError when Compose refuses the files, RefusedError when the preflight found an obstacle,
    OutsideError when the world failed before anything was changed, PartialError afterwards.
    """
    session = open_session(project, compose_file, runner, quiet=quiet)
    refuse_files(session.project.host_files, host)
    present = _preflight(session, reporter, host, wish or Wish())
    changes = Changes(engine.snapshot(runner, session.project.name))
    with partial_after_changes(session, changes):
        networks = _create(session, "network", session.project.networks, changes, reporter)
        volumes = _create(session, "volume", session.project.volumes, changes, reporter)
        standing = _start(session, reporter, wait_timeout, changes, present, build=build)
    return Raised(standing, networks, volumes)


def up_commands(
    project: Path,
    compose_file: Path,
    compose_text: str,
    wait_timeout: int = WAIT_TIMEOUT,
    *,
    build: bool = True,
    values: Mapping[str, str] | None = None,
) -> list[Command]:
    """What `up` would run, without asking any program: the externals each behind a question, then Compose.

    `compose_text` is what `compose_file` holds, or will hold. The user's override may use Compose's own YAML tags,
    which only Compose can merge: its externals are left to the real `up`. `values` are those of variables in names.
    """
    data = _read_yaml(compose_text)
    stack = Stack.of(project, compose_file, str(data.get("name") or ""))
    return [
        *[
            engine.create_command(kind, evaluate(name, values or {}).text)
            for kind in ("network", "volume")
            for name in external_names(data, f"{kind}s")
        ],
        compose_cli.up_command(compose_cli.find_offline(), stack, wait_timeout, build=build),
    ]


def down(project: Path, compose_file: Path, runner: Executor, *, volumes: bool = False, quiet: bool = False) -> Project:
    """Stop and remove the project's containers and networks. What is external stays, always.

    Raises SpecError, OutsideError and PartialError as `up` does, and RefusedError for a project of this name that runs
    from another folder of this machine.
    """
    session = open_session(project, compose_file, runner, quiet=quiet)
    if others := list(elsewhere(session.project.name, project, containers(runner, session.project.name))):
        raise RefusedError(others)
    before = engine.snapshot(runner, session.project.name)
    changes = Changes(before)
    with partial_after_changes(session, changes):
        run_compose(session, compose_cli.down_command(session.compose, session.stack, volumes=volumes, quiet=quiet))
        changes.ran("docker compose down")
        _refuse_left_behind(session)
    return session.project


def down_commands(project: Path, compose_file: Path, *, volumes: bool = False) -> list[Command]:
    """What `down` would run, without asking any program."""
    return [compose_cli.down_command(compose_cli.find_offline(), Stack.of(project, compose_file), volumes=volumes)]


def own_volumes(project: Path, compose_file: Path, runner: Executor) -> tuple[str, ...]:
    """The named volumes that exist and that `down --volumes` would delete with everything in them."""
    session = open_session(project, compose_file, runner)
    return tuple(sorted(engine.project_volumes(runner, session.project.name)))


def status(project: Path, compose_file: Path, runner: Executor, *, host: str = "") -> Standing:
    """How the project stands now. Raises SpecError and OutsideError."""
    session = open_session(project, compose_file, runner)
    engine.inspect_engine(runner, host)
    return ask_standing(session)


def refuse_local_files(compose_text: str, host: str) -> None:
    """The same before anything is rendered or asked. Raises RefusedError with all files of this machine."""
    if is_far(host):
        refuse_files(files_of(_read_yaml(compose_text)), host)


def _read_yaml(text: str) -> dict[str, Any]:
    import yaml  # a dry run alone reads the file by itself

    data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe ones
    return data if isinstance(data, dict) else {}


def _preflight(session: Session, reporter: Reporter, host: str, wish: Wish) -> tuple[ContainerSeen, ...]:
    """Gives all containers of the engine. Raises RefusedError."""
    found = engine.inspect_engine(session.runner, host)
    publishing = engine.list_containers(session.runner)
    present = containers(session.runner)
    seen = look(session.project, session.stack.project, found, publishing)
    among = look_around(session, wish, present, publishing, local=found.is_local)
    for notice in (*seen.notices, *among.notices):
        reporter.note(notice)
    if problems := [*among.problems, *seen.problems]:
        raise RefusedError(problems)
    return present


def _create(
    session: Session, kind: str, wanted: tuple[str, ...], changes: Changes, reporter: Reporter
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


def _refuse_left_behind(session: Session) -> None:
    """Compose has said that all is gone. Raises OutsideError with the containers that are not."""
    left = engine.container_names(session.runner, session.project.name)
    if left:
        raise OutsideError(
            f"Compose ended without an error, and these containers are still there: {', '.join(left[:_MOST_NAMED])}"
            + (f" and {len(left) - _MOST_NAMED} more" if len(left) > _MOST_NAMED else ""),
            hint="`docker logs` and `docker inspect` of one of them may say why; then run it again",
        )


def _start(
    session: Session,
    reporter: Reporter,
    wait_timeout: int,
    changes: Changes,
    present: Sequence[ContainerSeen],
    *,
    build: bool,
) -> Standing:
    """`present` is what ran before."""
    command = compose_cli.up_command(session.compose, session.stack, wait_timeout, build=build, quiet=session.quiet)
    failure: list[Problem] = []
    try:
        _renew(session, reporter, changes, present, build=build)
        run_compose(session, command)
        changes.ran("docker compose up")
    except OutsideError as error:
        failure = error.problems
    standing = _settled(session, wait_timeout, failure)
    if any(row.container for row in standing.rows) and not changes.had_containers:
        changes.ran("docker compose up")
    unwell = session.suspects(standing)
    if not unwell and (not failure or _has_worked(session, standing, present)):
        return standing
    show_the_ill(session, unwell, reporter)
    failure = failure or [Problem("Compose ended without an error, but not every service runs as it should")]
    raise OutsideError(at_most([*failure, *map(problem, unwell)]))


def _has_worked(session: Session, standing: Standing, present: Sequence[ContainerSeen]) -> bool:
    """Whether a container has run just now and done its work: then `up --wait` fails, and nothing is wrong.

    Compose runs such a container anew at each start. An image that can't be pulled or built starts nothing: it leaves
    the old containers, healthy or done as ever.
    """
    done = {row.container for row in standing.rows if row.verdict is Verdict.DONE}
    before = {(item.id, item.started) for item in present}
    return bool(done) and any(
        item.name in done and (item.id, item.started) not in before
        for item in containers(session.runner, session.project.name)
    )


def _renew(
    session: Session, reporter: Reporter, changes: Changes, present: Sequence[ContainerSeen], *, build: bool
) -> None:
    """Before all else: a container that waits for its new password will not become healthy by waiting."""
    if services := outdated_services(session, present):
        reporter.note(f"a file that they mount has changed since they started: {', '.join(services)}")
        renew = compose_cli.renew_command(session.compose, session.stack, services, build=build, quiet=session.quiet)
        run_compose(session, renew)
        changes.ran("docker compose up --force-recreate")


def _settled(session: Session, wait_timeout: int, failure: list[Problem]) -> Standing:
    """Raises OutsideError; what failed before is told as well."""
    try:
        return _settle(session, wait_timeout)
    except OutsideError as error:
        raise OutsideError([*failure, *error.problems]) from None


def _settle(session: Session, wait_timeout: int) -> Standing:
    """`up --wait` gives up as soon as any container ends, even one that has done its work: wait for the others."""
    standing = ask_standing(session)
    done = any(row.verdict is Verdict.DONE for row in standing.rows)
    if not done or standing.ill or not standing.pending:
        return standing
    waiting = sorted({row.service for row in standing.pending})
    session.runner.run(compose_cli.wait_command(session.compose, session.stack, waiting, wait_timeout))
    return ask_standing(session)
