"""`edgegen dns sync`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec.structs import replace

from edgegen.cli.commands import option
from edgegen.cli.console import json_result, note, show
from edgegen.cli.dns_options import LockTimeout, Taken, servers, stopping, tasks_of, writing
from edgegen.cli.options import AuthorityPort, Host, Printing, Project, Resolver
from edgegen.cli.progress import countdown, working
from edgegen.cli.seconds import time_option
from edgegen.core.errors import OutsideError, PartialError, UsageError
from edgegen.core.plural import plural
from edgegen.system.stop import when_stopped

if TYPE_CHECKING:
    from edgegen.dns.jobs import Choices, SyncResult
    from edgegen.dns.plan_file import PlanFile
    from edgegen.dns.propagation import Spread
    from edgegen.lookup import Server
    from edgegen.project.dns import Tasks
    from edgegen.system.clock import Clock


class Wanted(Taken, frozen=True):
    """What a run may change, and how it goes about it."""

    plan_file: Annotated[
        Path | None, option("--plan", "Apply exactly this plan; refuse it if it is stale.", "FILE")
    ] = None
    allow_deletes: Annotated[int | None, option("--allow-deletes", "Delete exactly N records.", "N", min=0)] = None
    wait: Annotated[float, time_option("--wait", "Wait up to TIME until every name server agrees, e.g. 5m.")] = 0
    resolver: Resolver = None
    lock_timeout: LockTimeout = 0
    accept_empty_zone: Annotated[
        bool, option("--accept-empty-zone", "Accept an empty listing of a zone that had records.")
    ] = False
    keep_going: Annotated[bool, option("--keep-going", "If one record is refused, write the others.")] = False
    authority_port: AuthorityPort = 53

    def choices(self, found: Tasks) -> Choices:
        """What is allowed, according to a plan file or the flags. Raises UsageError for both, and as both do."""
        from edgegen.project.dns import choices

        held = _held_to(self)
        return choices(
            found, adopt=held.adopt, prune=held.prune, allow_apex=held.allow_apex,
            allow_deletes=self.allow_deletes, approved=held.digest if self.plan_file is not None else None,
            accept_empty_zone=self.accept_empty_zone, keep_going=self.keep_going,
        )  # fmt: skip


def sync(wanted: Wanted, host: Host = "", *, project: Project, printing: Printing) -> int:
    """Bring the provider's records in line with edge.yaml. From cron it works as a dynamic DNS client."""
    from edgegen.dns.safety import refuse_flexible
    from edgegen.dns.sync import sync as run
    from edgegen.system.clock import WallClock
    from edgegen.system.stop import Stop

    stop = Stop(heard=stopping)
    clock = WallClock(stop)
    resolvers = servers(wanted.resolver) if wanted.wait else ()  # a wrong one is found before anything is written
    found = tasks_of(project, host, clock)
    chosen = wanted.choices(found)
    with writing(project.directory, wanted.lock_timeout, stop) as surroundings:
        result = run(found.zones, chosen, surroundings, clock=clock, stop=stop, judge=refuse_flexible)
    for warning in result.warnings:
        note(f"warning: {warning}")
    late = _late(result, wanted, resolvers, clock) if wanted.wait else []
    _show_result(result, late, as_json=printing.json)
    return 1 if late else 0


def _held_to(wanted: Wanted) -> PlanFile:
    from edgegen.dns.plan_file import PlanFile, read_plan_file

    if wanted.plan_file is None:
        return PlanFile("", tuple(wanted.adopt or ()), wanted.prune, wanted.allow_apex)
    if wanted.adopt or wanted.prune or wanted.allow_apex:
        raise UsageError(
            "--plan already says what is adopted and deleted", hint="leave out --adopt, --prune and --allow-apex"
        )
    return read_plan_file(wanted.plan_file)


def _late(result: SyncResult, wanted: Wanted, resolvers: Sequence[Server], clock: Clock) -> list[Spread]:
    """The records that not every server has at the end of the wait."""
    from edgegen.dns.propagation import wait_until_seen

    done = f"the records are as edge.yaml says ({result.made} changed)"
    with (
        when_stopped(f"{done}; only the wait for DNS was cut short"),
        _after_changes(result.made, done),
        working("asking the name servers for the new records"),
        countdown() as missing,
    ):

        def waiting(late: Sequence[Spread], total: int, left: float) -> None:
            named = ", ".join(f"{item.name} {item.kind} ({item.verdict})" for item in late)
            missing(f"{total - len(late)} of {total} records seen, waiting for {named}", left)

        seen = wait_until_seen(
            result.planned, resolvers, wanted.wait, clock, authority_port=wanted.authority_port, waiting=waiting
        )
    late = [item for item in seen if item.verdict != "ok"]
    for item in late:
        note(f"after {wanted.wait:g} s: {item.kind} {item.name}: {item.verdict}")
    return late


@contextmanager
def _after_changes(made: int, done: str) -> Iterator[None]:
    """What fails now fails after the changes, and its exit code must not say that nothing was changed."""
    try:
        yield
    except OutsideError as error:
        if not made:
            raise
        problem = error.problems[0]
        raise PartialError(replace(problem, message=f"{done}, but {problem.message}")) from error


def _show_result(result: SyncResult, late: Sequence[Spread], *, as_json: bool) -> None:
    from edgegen.cli.report import dns_plan

    if not as_json:
        zones = ", ".join(item.task.zone for item in result.planned)
        made = f"{result.made} {plural(result.made, 'change')} made" if result.made else "in step, nothing to do"
        show(f"{zones}: {made}")
        return
    json_result(
        "dns sync", not late, made=result.made, plans=dns_plan.as_json(result.planned),
        counts=dns_plan.counts(result.planned), late=[f"{item.name} {item.kind}" for item in late],
    )  # fmt: skip
