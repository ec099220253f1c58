"""`edgegen cert list`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from edgegen.cli.commands import Commands, option
from edgegen.cli.console import Console, json_result, note, out
from edgegen.cli.deploy_options import runner
from edgegen.cli.look_options import CfRanges, Look, Timeout
from edgegen.cli.options import Host, Printing, Project
from edgegen.cli.progress import progress_bar
from edgegen.cli.screen import screen
from edgegen.core.grade import Grade, grade, worst
from edgegen.endpoints import LOCAL
from edgegen.verify.settings import TIMEOUT

if TYPE_CHECKING:
    from edgegen.certificates.held import Holdings
    from edgegen.core.finding import Finding

app = Commands("Show certificates: those that Traefik stores and those that the live hosts send.")

WarnDays = Annotated[
    int | None, option("--warn-days", "Exit 1 if a certificate has less than N days left.", "N", min=0)
]
Offline = Annotated[bool, option("--offline", "Read only acme.json; contact no host.")]


@app.callback()
def _group() -> None:
    """Makes `list` a required word although it is the only command."""


@app.command("list")
def list_certificates(
    warn_days: WarnDays = None,
    offline: Offline = False,
    host: Host = "",
    *,
    look: Look,
    timeout: Timeout = TIMEOUT,
    cf_ranges: CfRanges = None,
    project: Project,
    printing: Printing,
) -> int:
    """List the certificates of acme.json and of the live hosts, and say where they differ.

    Without --warn-days each is judged by its own life, as `edgegen verify` does: less than a third left is a remark,
    less than a tenth (14 days at most) is exit code 1. Exit code 4: no problems, but a host could not be checked.
    For a cron job that only reports problems:

        out=$(edgegen cert list -C /srv/edge 2>&1) || echo "$out"
    """
    from edgegen.certificates.findings import Rules, findings
    from edgegen.core.cloudflare import RANGES
    from edgegen.project.certificates import gather
    from edgegen.project.sights import Asked

    settings = None if offline else look.settings(timeout, cf_ranges)
    with progress_bar("hosts", "checking certificates") as progress:
        held = gather(project.directory, project.environment, settings, progress, Asked(runner(host), host))
    now = datetime.now(UTC)
    found = findings(held, Rules(now, warn_days, settings.cloudflare if settings else RANGES))
    code = worst([Grade.GOOD, *map(grade, found)]).exit_code  # having no certificate at all is not a fault
    if printing.json:
        json_result("cert list", code == 0, found, certificates=[item.as_json(now) for item in held.listed])
    else:
        _show(held, found, now)
    return code


def _show(held: Holdings, findings: Sequence[Finding], now: datetime) -> None:
    """One table, and below it what is wrong; with `-v` also what is good."""
    from edgegen.cli.report.certificates import certificates_text

    if held.kept_by:
        note(f"the Traefik of project `{held.kept_by}` stores the certificates: run `edgegen cert list` there")
    elif not held.hosts:
        note(
            "the spec has no public host, so no certificate is needed: no service has a `host`, or it has `edge: none`"
        )
    elif held.store is None and not held.unseen and not any(host.ca == LOCAL for host in held.hosts):
        note("there is no acme.json: Traefik has not stored a certificate here")
    if text := certificates_text(held, findings, now, screen(), verbose=Console.verbose):
        out(text)
