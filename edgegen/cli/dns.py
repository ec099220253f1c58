"""`edgegen dns plan|sync|own|status|export|check-token`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from edgegen.cli.commands import Commands, option
from edgegen.cli.console import Console, json_error, json_result, note, out, show, show_error, warn
from edgegen.cli.dns_options import Taken, asked, planned_of, servers, tasks_of
from edgegen.cli.dns_own import own
from edgegen.cli.dns_sync import sync
from edgegen.cli.options import AuthorityPort, Host, Printing, Project, Resolver
from edgegen.cli.progress import working
from edgegen.cli.screen import screen
from edgegen.core.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edgegen.dns.jobs import PlannedZone

app = Commands("Keep DNS records in step with edge.yaml. Records of others are never touched.")

Output = Annotated[Path | None, option("-o --output", "Write a plan for `dns sync --plan`.", "FILE")]
Detailed = Annotated[bool, option("--detailed", "Exit 1 if something would change.")]
Format = Annotated[Literal["text", "json", "markdown"], option("--format", "Output format.")]
Zone = Annotated[str | None, typer.Argument(metavar="ZONE", help="Only this domain; all by default.")]


@app.command()
def plan(
    taken: Taken,
    output: Output = None,
    detailed: Detailed = False,
    form: Format = "text",
    host: Host = "",
    *,
    project: Project,
    printing: Printing,
) -> int:
    """Show what `dns sync` would do. Only reads; a conflict or a limit is exit 3."""
    from edgegen.cli.report_files import report_file
    from edgegen.dns.plan_file import is_plan_file, plan_file
    from edgegen.project import dns
    from edgegen.project.dns_owner import owner_remarks

    file = None if output is None else report_file("-o", output, is_plan_file)
    found = tasks_of(project, host)
    chosen = dns.choices(found, adopt=taken.adopt or (), prune=taken.prune, allow_apex=taken.allow_apex)
    planned = planned_of(found, chosen, project.directory)
    warn(owner_remarks(found.loaded, found.owner))
    if file is not None:
        file.put(plan_file(planned, chosen))
    code = 1 if detailed and any(item.plan.writes for item in planned) else 0
    refused = _refusal(planned, allow_apex=taken.allow_apex)
    if printing.json or form == "json":
        return _json_plan(planned, code, refused)
    _show_plan(planned, form)
    if refused is not None:
        raise refused
    return code


def _refusal(planned: Sequence[PlannedZone], *, allow_apex: bool) -> RefusedError | None:
    """Why `sync` would do none of it. It follows the plan."""
    from edgegen.dns.safety import losses, refuse_flexible, refuse_unsafe

    plans = [item.plan for item in planned]
    deleted = sum(len(losses(item)) for item in plans)  # each is shown; the limit on them is `sync`'s
    try:
        refuse_unsafe(plans, allow_deletes=deleted, allow_apex=allow_apex)
        refuse_flexible(planned)
    except RefusedError as error:
        return error
    return None


def _json_plan(planned: Sequence[PlannedZone], code: int, refused: RefusedError | None) -> int:
    """The plan, and why it is refused, in one object."""
    from edgegen.cli.report import dns_plan

    found: dict[str, Any] = {"plans": dns_plan.as_json(planned), "counts": dns_plan.counts(planned)}
    if refused is None:
        json_result("dns plan", code == 0, **found)
        return code
    show_error(refused)
    json_error("dns plan", refused, **found)
    return refused.exit_code


def _show_plan(planned: Sequence[PlannedZone], form: str) -> None:
    from edgegen.cli.report import dns_plan

    if form == "markdown":
        from edgegen.cli.report.dns_markdown import markdown

        show(markdown(planned))
    else:
        out(dns_plan.text(planned, verbose=Console.verbose, screen=screen()))


app.command()(sync)
app.command()(own)


@app.command()
def status(
    resolver: Resolver = None,
    authority_port: AuthorityPort = 53,
    host: Host = "",
    *,
    project: Project,
    printing: Printing,
) -> int:
    """Show what the provider, the name servers and the resolver answer.

    For each host and address family, compared with what the spec wants.
    """
    from edgegen.cli.report import dns_status
    from edgegen.dns.propagation import look_around
    from edgegen.project import dns

    found = tasks_of(project, host, only_looks=True)
    planned = planned_of(found, dns.choices(found), project.directory)
    with working("asking the DNS servers"):
        seen = look_around(planned, servers(resolver), authority_port=authority_port)
    good = all(item.verdict == "ok" for item in seen)
    if printing.json:
        json_result("dns status", good, records=[dns_status.as_json(item) for item in seen])
    elif seen:
        out(dns_status.text(seen, verbose=Console.verbose, screen=screen()))
    return 0 if good else 1


@app.command()
def export(zone: Zone = None, host: Host = "", *, project: Project, printing: Printing) -> int:
    """Print the wanted records as a BIND zone file. Does not contact the provider."""
    from edgegen.project import dns_export

    found = dns_export.export(project.directory, project.environment, zone, asked(host))
    for warning in found.warnings:
        note(f"warning: {warning}")
    if printing.json:
        json_result("dns export", True, zones=found.texts)
    else:
        for text in found.texts.values():
            out(text)
    return 0


@app.command("check-token")
def check_token(project: Project, printing: Printing) -> int:
    """Check the permissions of Cloudflare's token, zone by zone."""
    from edgegen.project import dns

    with working("asking Cloudflare about the token"):
        findings = dns.check_token(project.directory, project.environment, environ=os.environ)
    bad = any(finding.outcome != "pass" for finding in findings)
    if printing.json:
        json_result("dns check-token", not bad, findings)
    elif findings:
        from edgegen.cli.report.token import token_text

        out(token_text(findings, screen()))
    return 1 if bad else 0
