"""`edgegen dns sync`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli.console import json_result, note, show
from edgegen.cli.dns_options import Adopt, AllowApex, LockTimeout, Prune, servers, stopping, tasks_of, writing
from edgegen.cli.options import HERE, AuthorityPort, Directory, Environment, Host, Json, Quiet, Resolver, Verbose
from edgegen.cli.progress import countdown, working
from edgegen.cli.seconds import time_option
from edgegen.core.errors import UsageError
from edgegen.system.stop import when_stopped

if TYPE_CHECKING:
    from edgegen.dns.jobs import PlannedZone, SyncResult
    from edgegen.dns.plan_file import PlanFile
    from edgegen.dns.propagation import Spread
    from edgegen.system.clock import Clock


def sync(
    adopt: Adopt = None,
    prune: Prune = False,
    allow_apex: AllowApex = False,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", metavar="FILE", help="Apply exactly this plan; refuse it if it is stale.")
    ] = None,
    allow_deletes: Annotated[
        int | None, typer.Option("--allow-deletes", metavar="N", min=0, help="Delete exactly N records.")
    ] = None,
    wait: Annotated[float, time_option("--wait", "Wait up to TIME until every name server agrees, e.g. 5m.")] = 0,
    resolver: Resolver = None,
    lock_timeout: LockTimeout = 0,
    accept_empty_zone: Annotated[
        bool, typer.Option("--accept-empty-zone", help="Accept an empty listing of a zone that had records.")
    ] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="If one record is refused, write the others.")
    ] = False,
    authority_port: AuthorityPort = 53,
    host: Host = "",
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Bring the provider's records in line with edge.yaml. From cron it works as a dynamic DNS client."""
    from edgegen.dns.safety import refuse_flexible
    from edgegen.dns.sync import sync as run
    from edgegen.project import dns
    from edgegen.system.clock import WallClock
    from edgegen.system.stop import Stop

    stop = Stop(heard=stopping)
    clock = WallClock(stop)
    found = tasks_of(directory, environment, host, clock)
    held = _held_to(plan_file, adopt, prune=prune, allow_apex=allow_apex)
    chosen = dns.choices(
        found, adopt=held.adopt, prune=held.prune, allow_apex=held.allow_apex,
        allow_deletes=allow_deletes, approved=held.digest if plan_file is not None else None,
        accept_empty_zone=accept_empty_zone, keep_going=keep_going,
    )  # fmt: skip
    with writing(directory, lock_timeout, stop) as surroundings:
        result = run(found.zones, chosen, surroundings, clock=clock, stop=stop, judge=refuse_flexible)
    for warning in result.warnings:
        note(f"warning: {warning}")
    with when_stopped(
        f"the records are as edge.yaml says ({result.made} changed); only the wait for DNS was cut short"
    ):
        late = _wait(result.planned, wait, resolver, clock, authority_port) if wait else []
    _show_result(result, late, as_json=json)
    return 1 if late else 0


def _held_to(file: Path | None, adopt: list[str] | None, *, prune: bool, allow_apex: bool) -> PlanFile:
    """What the run may do, according to a plan file or the flags."""
    from edgegen.dns.plan_file import PlanFile, read_plan_file

    if file is None:
        return PlanFile("", tuple(adopt or ()), prune, allow_apex)
    if adopt or prune or allow_apex:
        raise UsageError(
            "--plan already says what is adopted and deleted", hint="leave out --adopt, --prune and --allow-apex"
        )
    return read_plan_file(file)


def _wait(
    planned: Sequence[PlannedZone], seconds: float, resolver: list[str] | None, clock: Clock, port: int
) -> list[Spread]:
    from edgegen.dns.propagation import wait_until_seen

    with working("asking the name servers for the new records"), countdown() as missing:

        def waiting(late: Sequence[Spread], total: int, left: float) -> None:
            named = ", ".join(f"{item.name} {item.kind} ({item.verdict})" for item in late)
            missing(f"{total - len(late)} of {total} records seen, waiting for {named}", left)

        seen = wait_until_seen(planned, servers(resolver), seconds, clock, authority_port=port, waiting=waiting)
    late = [item for item in seen if item.verdict != "ok"]
    for item in late:
        note(f"after {seconds:g} s: {item.kind} {item.name}: {item.verdict}")
    return late


def _show_result(result: SyncResult, late: Sequence[Spread], *, as_json: bool) -> None:
    from edgegen.cli.report import dns_plan

    if not as_json:
        show(_done(result.made, result.planned))
        return
    json_result(
        "dns sync", not late, made=result.made, plans=dns_plan.as_json(result.planned),
        counts=dns_plan.counts(result.planned), late=[f"{item.name} {item.kind}" for item in late],
    )  # fmt: skip


def _done(made: int, planned: Sequence[PlannedZone]) -> str:
    zones = ", ".join(item.task.zone for item in planned)
    return f"{zones}: {made} change{'s' if made != 1 else ''} made" if made else f"{zones}: in step, nothing to do"
