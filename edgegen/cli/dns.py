"""`edgegen dns plan|sync|own|status|export|check-token`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from edgegen.cli.console import Console, detail, json_result, note, out, show, warn
from edgegen.cli.dns_own import own
from edgegen.cli.options import HERE, Directory, Environment, Json, Quiet, Verbose
from edgegen.cli.progress import progress_bar, working
from edgegen.core.errors import UsageError
from edgegen.system.stop import when_stopped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edgegen.dns.jobs import Choices, PlannedZone, Progress, SyncResult
    from edgegen.dns.plan_file import PlanFile
    from edgegen.lookup import Reply, Server
    from edgegen.project.dns import Seen, Tasks
    from edgegen.system.clock import Clock
    from edgegen.system.stop import Stop

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="Keep DNS records in step with edge.yaml. Records of others are never touched.",
)  # fmt: skip

Adopt = Annotated[
    list[str] | None, typer.Option("--adopt", metavar="NAME", help="Take over records of this name; may be repeated.")
]
Prune = Annotated[bool, typer.Option("--prune", help="Delete our records that the spec no longer wants.")]
AllowApex = Annotated[
    bool, typer.Option("--allow-apex", help="Delete our MX and NS of the zone itself that the spec no longer wants.")
]
Resolver = Annotated[
    list[str] | None, typer.Option("--resolver", metavar="IP:PORT", help="Ask this resolver; may be repeated.")
]
AuthorityPort = Annotated[int, typer.Option("--authority-port", hidden=True, help="Port of the authorities (tests).")]


@app.command()
def plan(
    adopt: Adopt = None,
    prune: Prune = False,
    allow_apex: AllowApex = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write a plan for `dns sync --plan`.")
    ] = None,
    detailed: Annotated[bool, typer.Option("--detailed", help="Exit 1 when something would change.")] = False,
    form: Annotated[Literal["text", "json", "markdown"], typer.Option("--format", help="How it is shown.")] = "text",
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Show what `dns sync` would do. Sends nothing but questions; a conflict or a limit is exit 3."""
    from edgegen.cli.report import dns_plan
    from edgegen.cli.report_files import report_file
    from edgegen.dns.plan_file import is_plan_file, plan_file
    from edgegen.dns.safety import refuse_unsafe
    from edgegen.project import dns
    from edgegen.project.dns_owner import owner_remarks

    file = None if output is None else report_file("-o", output, is_plan_file)
    found = _tasks(directory, environment)
    chosen = dns.choices(found, adopt=adopt or (), prune=prune, allow_apex=allow_apex)
    planned = _planned(found, chosen, directory)
    warn(owner_remarks(found.loaded, found.owner))
    if file is not None:
        file.put(plan_file(planned, chosen))
    if json or form == "json":
        json_result("dns plan", True, plans=dns_plan.as_json(planned), counts=dns.counts(planned))
    elif form == "markdown":
        from edgegen.cli.report.dns_markdown import markdown

        show(markdown(planned))
    else:
        show(dns_plan.text(planned, verbose=Console.verbose))
    refuse_unsafe([item.plan for item in planned], allow_deletes=_all_deletes(planned), allow_apex=allow_apex)
    dns.refuse_flexible(planned)
    return 1 if detailed and any(item.plan.writes for item in planned) else 0


@app.command()
def sync(
    adopt: Adopt = None,
    prune: Prune = False,
    allow_apex: AllowApex = False,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", metavar="FILE", help="Do exactly this plan; a stale one is refused.")
    ] = None,
    allow_deletes: Annotated[
        int | None, typer.Option("--allow-deletes", metavar="N", min=0, help="Delete exactly so many records.")
    ] = None,
    wait: Annotated[
        float, typer.Option("--wait", metavar="S", min=0, help="Ask the zone's servers until all say so, S seconds.")
    ] = 0,
    resolver: Resolver = None,
    lock_timeout: Annotated[float, typer.Option("--lock-timeout", metavar="S", min=0, help="Wait for a lock.")] = 0,
    accept_empty_zone: Annotated[
        bool, typer.Option("--accept-empty-zone", help="Believe a zone that is empty and was not.")
    ] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="When one record is refused, write the others.")
    ] = False,
    authority_port: AuthorityPort = 53,
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Make the provider say what edge.yaml says. Run from cron, it is a dynamic-DNS client."""
    from edgegen.project import dns
    from edgegen.system.clock import WallClock
    from edgegen.system.stop import Interrupted, Stop

    stop = Stop()
    clock = WallClock(stop)
    found = _tasks(directory, environment, clock)
    held = _held_to(plan_file, adopt, prune=prune, allow_apex=allow_apex)
    chosen = dns.choices(
        found, adopt=held.adopt, prune=held.prune, allow_apex=held.allow_apex,
        allow_deletes=allow_deletes, approved=held.digest if plan_file is not None else None,
        accept_empty_zone=accept_empty_zone, keep_going=keep_going,
    )  # fmt: skip
    try:
        result = _sync(found, chosen, directory, lock_timeout, stop, clock)
    except Interrupted as told:
        note(str(told) or "stopped before the next request")
        return told.exit_code
    for warning in result.warnings:
        note(f"warning: {warning}")
    with when_stopped(
        f"the records are as edge.yaml says ({result.made} changed); only the wait for DNS was cut short"
    ):
        late = _wait(result.planned, wait, resolver, clock, authority_port) if wait else []
    _show_result(result, late, as_json=json)
    return 1 if late else 0


app.command()(own)


@app.command()
def status(
    resolver: Resolver = None,
    authority_port: AuthorityPort = 53,
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Show per host and address family: wanted, at the provider, at each authoritative server, through the resolver."""
    from edgegen.project import dns

    found = _tasks(directory, environment)
    planned = _planned(found, dns.choices(found), directory)
    with working("asking the DNS servers"):
        seen = dns.look_around(planned, _servers(resolver), authority_port=authority_port)
    good = all(item.verdict == "ok" for item in seen)
    if json:
        json_result("dns status", good, records=[_seen_json(item) for item in seen])
    else:
        for item in seen:
            show(f"{item.verdict:<24} {item.kind.value:<5} {item.name} -> {', '.join(item.wanted) or 'nothing'}")
            if item.verdict != "ok" or Console.verbose:
                _explain(item)
    return 0 if good else 1


@app.command()
def export(
    zone: Annotated[str | None, typer.Argument(help="Which domain; all by default.")] = None,
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Print the wanted records as a BIND zone file. Asks no provider."""
    from edgegen.project import dns_export

    texts = dns_export.export(directory, environment, zone)
    if json:
        json_result("dns export", True, zones=texts)
    else:
        for text in texts.values():
            out(text)
    return 0


@app.command("check-token")
def check_token(
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Say whether Cloudflare's token may do what is needed, and on which zone it may not."""
    from edgegen.project import dns_token

    with working("asking Cloudflare about the token"):
        findings = dns_token.check(directory, environment, environ=os.environ)
    bad = any(finding.outcome != "pass" for finding in findings)
    if json:
        json_result("dns check-token", not bad, findings)
    else:
        for finding in findings:
            show(f"{finding.outcome.value:<8} {finding.subject}: {finding.message}")
            if finding.hint:
                show(f"         {finding.hint}")
    return 1 if bad else 0


def _held_to(file: Path | None, adopt: list[str] | None, *, prune: bool, allow_apex: bool) -> PlanFile:
    """What the run may do: as a plan file says, or as the flags do."""
    from edgegen.dns.plan_file import PlanFile, read_plan_file

    if file is None:
        return PlanFile("", tuple(adopt or ()), prune, allow_apex)
    if adopt or prune or allow_apex:
        raise UsageError(
            "--plan already says what is adopted and deleted", hint="leave out --adopt, --prune and --allow-apex"
        )
    return read_plan_file(file)


def _sync(found: Tasks, chosen: Choices, directory: Path, lock_timeout: float, stop: Stop, clock: Clock) -> SyncResult:
    from edgegen.dns import sync as syncing
    from edgegen.dns.jobs import Surroundings
    from edgegen.project import dns
    from edgegen.project.dns_owner import shelf

    with progress_bar("changes", "waiting for the DNS provider") as count, stop.on_signals():

        def progress(now: Progress) -> None:
            count(now.made, now.total)
            detail(now.doing)

        surroundings = Surroundings(lock_timeout, progress, shelf(directory))
        return syncing.sync(found.zones, chosen, surroundings, clock=clock, stop=stop, judge=dns.refuse_flexible)


def _show_result(result: SyncResult, late: Sequence[Seen], *, as_json: bool) -> None:
    from edgegen.cli.report import dns_plan
    from edgegen.project import dns

    if not as_json:
        show(_done(result.made, result.planned))
        return
    json_result(
        "dns sync", not late, made=result.made, plans=dns_plan.as_json(result.planned),
        counts=dns.counts(result.planned), late=[f"{item.name} {item.kind}" for item in late],
    )  # fmt: skip


def _tasks(directory: Path, environment: str | None, clock: Clock | None = None) -> Tasks:
    from edgegen.project import dns
    from edgegen.spec.load import load

    with working("finding out this server's address"):
        found = dns.tasks(directory, load(directory, environment), environ=os.environ, clock=clock)
    warn(found.warnings)
    return found


def _planned(found: Tasks, chosen: Choices, directory: Path) -> tuple[PlannedZone, ...]:
    from edgegen.dns import sync as syncing
    from edgegen.dns.jobs import Surroundings
    from edgegen.project.dns_owner import shelf

    state = _state(directory)
    # Looking makes no folder.
    surroundings = Surroundings(shelf=shelf(directory)) if state.is_dir() else None
    with working("reading the records at the DNS provider"):
        planned = syncing.plan_zones(found.zones, chosen, surroundings)
    for item in planned:
        for warning in item.warnings:
            note(f"warning: {warning}")
    return planned


def _state(directory: Path) -> Path:
    return directory / ".edgegen"


def _all_deletes(planned: Sequence[PlannedZone]) -> int:
    """A plan shows every deletion; the limit on them is `sync`'s."""
    from edgegen.dns.safety import losses

    return sum(len(losses(item.plan)) for item in planned)


def _servers(resolver: list[str] | None) -> tuple[Server, ...]:
    from edgegen.lookup import parse_server, system_servers

    return tuple(parse_server(text) for text in resolver) if resolver else system_servers()


def _wait(
    planned: Sequence[PlannedZone], seconds: float, resolver: list[str] | None, clock: Clock, port: int
) -> list[Seen]:
    from edgegen.project import dns

    with progress_bar("records seen", "waiting for DNS servers to answer with the new records") as count:
        seen = dns.wait_until_seen(planned, _servers(resolver), seconds, clock, authority_port=port, progress=count)
    late = [item for item in seen if item.verdict != "ok"]
    for item in late:
        note(f"after {seconds:g} s: {item.kind} {item.name}: {item.verdict}")
    return late


def _done(made: int, planned: Sequence[PlannedZone]) -> str:
    zones = ", ".join(item.task.zone for item in planned)
    return f"{zones}: {made} change{'s' if made != 1 else ''} made" if made else f"{zones}: in step, nothing to do"


def _explain(item: Seen) -> None:
    show(f"    at the provider: {', '.join(item.at_provider) or 'nothing'}")
    for reply in (*item.at_authorities, *([item.resolved] if item.resolved else [])):
        where = "resolver" if reply is item.resolved else "authority"
        said = ", ".join(reply.values) or reply.status.value
        show(f"    {where} {reply.server}: {said}{f' ({reply.detail})' if reply.detail else ''}")


def _seen_json(item: Seen) -> dict[str, object]:
    return {
        "name": item.name,
        "type": item.kind.value,
        "verdict": item.verdict,
        "wanted": list(item.wanted),
        "provider": list(item.at_provider),
        "authorities": [_reply_json(reply) for reply in item.at_authorities],
        "resolver": _reply_json(item.resolved) if item.resolved else None,
    }


def _reply_json(reply: Reply) -> dict[str, object]:
    return {"server": str(reply.server), "status": reply.status.value, "values": list(reply.values)}
