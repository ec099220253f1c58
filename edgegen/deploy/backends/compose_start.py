"""`docker compose up`, made reliable: outdated containers are recreated, and the result is checked."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from msgspec import structs

from edgegen.core.errors import OutsideError, Problem, at_most
from edgegen.deploy.backends import compose_cli
from edgegen.deploy.backends.base import LOG_LINES, MOST_SHOWN, Changes, LogsWanted, Reporter, Start
from edgegen.deploy.backends.compose_session import Session
from edgegen.deploy.backends.outdated import outdated_services
from edgegen.deploy.command import Command
from edgegen.deploy.containers import ContainerSeen, containers
from edgegen.deploy.docker_words import known_hint
from edgegen.deploy.health import STEADY, UNTRIED, Row, Standing, Verdict, explain
from edgegen.deploy.model import Project
from edgegen.deploy.terminal_text import tail
from edgegen.system.waiting import waiting_for


def start(session: Session, project: Project, how: Start, changes: Changes, reporter: Reporter) -> Standing:
    """Build and start everything, and wait until it is healthy. Raises OutsideError if something is not."""
    quiet = session.place.quiet
    for warning in project.warnings if quiet else ():  # else they are among the lines that are passed on
        reporter.note(f"Compose warns: {warning}")
    command = compose_cli.up_command(session.compose, session.stack, how.wait, build=how.build, quiet=quiet)
    failure: list[Problem] = []
    try:
        _renew(session, project, how, changes, reporter)
        session.place.carry_out(command)
        changes.ran("docker compose up")
    except OutsideError as error:
        failure = error.problems
    standing = _settled(session, project, how.wait, failure)
    if any(row.container for row in standing.rows) and not changes.had_containers:
        changes.ran("docker compose up")
    own = {service.name for service in project.services}  # without those of a profile that was not requested
    unwell = tuple(row for row in _with_reasons(session, standing).suspects if row.service in own)
    if not unwell and (not failure or _has_worked(session, project, standing, how.present)):
        return standing
    show_unhealthy(session, unwell, reporter)
    failure = failure or [Problem("Compose ended without an error, but not every service is up and healthy")]
    raise OutsideError(at_most([*failure, *map(problem, unwell)]))


def _has_worked(session: Session, project: Project, standing: Standing, present: Sequence[ContainerSeen]) -> bool:
    """Whether a container has run just now and finished its work: then `up --wait` fails, but nothing is wrong.

    Compose runs such a container again at each start. An image that can't be pulled or built starts nothing: it leaves
    the old containers, healthy or done as before.
    """
    done = {row.container for row in standing.rows if row.verdict is Verdict.DONE}
    before = {(item.id, item.started) for item in present}
    return bool(done) and any(
        item.name in done and (item.id, item.started) not in before for item in containers(session.runner, project.name)
    )


def _renew(session: Session, project: Project, how: Start, changes: Changes, reporter: Reporter) -> None:
    """Before anything else: a container that needs its new password does not become healthy by waiting."""
    if services := outdated_services(project, session.folder, how.present, session.changed):
        reporter.note(f"a mounted file has changed since these services started: {', '.join(services)}")
        quiet = session.place.quiet
        session.place.carry_out(
            compose_cli.renew_command(session.compose, session.stack, services, build=how.build, quiet=quiet)
        )
        changes.ran("docker compose up --force-recreate")


def _settled(session: Session, project: Project, wait: int, failure: list[Problem]) -> Standing:
    """`up --wait` gives up as soon as any container ends, even one that has finished its work: wait for the others.

    Raises OutsideError, which also reports what failed before.
    """
    try:
        standing = session.standing(project, STEADY)
        done = any(row.verdict is Verdict.DONE for row in standing.rows)
        if done and standing.pending and not standing.ill:
            waiting = sorted({row.service for row in standing.pending})
            session.runner.run(compose_cli.wait_command(session.compose, session.stack, waiting, wait))
            standing = session.standing(project, STEADY)
        return _steady(session, project, wait, standing)
    except OutsideError as error:
        raise OutsideError([*failure, *error.problems]) from None


def _steady(session: Session, project: Project, wait: int, standing: Standing) -> Standing:
    """`up --wait` takes a container without a health check for healthy once it runs, also one that ends a second later
    and is restarted for ever: look again when each has been running for some seconds.

    One that ends only until its database answers is given a minute: a new database may need that.
    """
    end = session.clock.now() + min(wait, UNTRIED)
    while young := [row for row in standing.rows if row.may_end_again and _left(row) > 0]:
        if any(not row.restarts for row in standing.ill):
            break
        left = min(max(map(_left, young)), end - session.clock.now())
        if left <= 0:
            break
        with waiting_for(f"waiting to see whether {young[0].service} keeps running"):
            session.clock.sleep(left)
        standing = session.standing(project, STEADY)
    return standing


def _left(row: Row) -> int:
    return STEADY - (row.seconds or 0)


def _with_reasons(session: Session, standing: Standing) -> Standing:
    """Why the engine could not start a container, or the kernel has ended it. What could not be started is no better
    than what has ended, though it has only been created, as has one that waits for another."""
    if all(row.ok or not row.container for row in standing.rows):
        return standing
    seen: dict[str, ContainerSeen] = {}
    with suppress(OutsideError):  # it would only explain the error that is reported
        seen = {item.name: item for item in containers(session.runner, session.stack.name or None)}
    rows = (row if row.ok else _with_reason(row, seen.get(row.container)) for row in standing.rows)
    return structs.replace(standing, rows=tuple(rows))


def _with_reason(row: Row, seen: ContainerSeen | None) -> Row:
    if seen is not None and row.state == "created" and seen.complaint:
        return structs.replace(row, verdict=Verdict.ILL, error=seen.complaint)
    if seen is not None and seen.needs_memory:
        return structs.replace(row, error="it ran out of memory: see `mem_limit`")
    return row


def show_unhealthy(session: Session, suspects: Sequence[Row], reporter: Reporter) -> None:
    """For each container that made the start fail, report its last failing health check and its last log lines."""
    complaints = _complaints(session, suspects)
    for row in [row for row in suspects if row.container][:MOST_SHOWN]:
        check = complaints.get(row.container)
        last = _last_lines(session, row)
        printed = f"; its health check printed: {check}" if row.health else f": {check}"
        reporter.note(f"service `{row.service}` {explain(row)}" + (printed if check and not row.error else ""))
        if last:
            reporter.note(f"its last log lines (at most {LOG_LINES}):\n{last}")


def _complaints(session: Session, suspects: Sequence[Row]) -> dict[str, str]:
    """Container -> what its last failing health check printed, or why the engine could not start it."""
    if not any(row.container for row in suspects):
        return {}
    with suppress(OutsideError):  # it would only explain the error that is reported
        return {item.name: item.complaint for item in containers(session.runner, session.stack.name or None)}
    return {}


def _last_lines(session: Session, row: Row) -> str:
    wanted = LogsWanted([row.service], tail=str(LOG_LINES), color=False)
    command = compose_cli.logs_command(session.compose, session.stack, wanted)
    return tail(session.runner.run(Command(command.argv)).stdout, LOG_LINES)


def problem(row: Row) -> Problem:
    """An unhealthy row as one problem of an error."""
    hint = f"`edgegen logs {row.service}` shows all of its output" if row.container else ""
    if row.state == "created":  # it has never run, and has no output
        hint = known_hint(row.error)
    return Problem(explain(row), path=f"services.{row.service}", hint=hint)
