"""`edgegen logs`."""

from __future__ import annotations

import re
import sys
from typing import Annotated

import typer

from edgegen.cli import complete, console
from edgegen.cli.commands import option
from edgegen.cli.deploy_options import runner
from edgegen.cli.options import Host, Printing, Project
from edgegen.core.errors import UsageError
from edgegen.core.show import shown

_SINCE = re.compile(
    r"[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+|\d+(\.\d{1,9})?"
    r"|\d{4}-\d\d-\d\d(T\d\d(:\d\d(:\d\d(\.\d{1,9})?)?)?)?(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
"""Go's durations, seconds since 1970, and RFC 3339 with less precision: what Docker's programs take."""

Services = Annotated[
    list[str] | None,
    typer.Argument(metavar="SERVICE", autocompletion=complete.service, help="Services; all by default."),
]
Follow = Annotated[bool, option("-f --follow", "Follow the logs until interrupted.")]
Tail = Annotated[str, option("--tail", "Show only the last N lines of each container.", "N")]
Since = Annotated[str, option("--since", "Show only logs since a time, or since e.g. 10m ago.", "T")]


def logs(
    services: Services = None,
    *,
    project: Project,
    host: Host = "",
    follow: Follow = False,
    tail: Tail = "",
    since: Since = "",
    printing: Printing,
) -> int:
    """Show the stack's logs."""
    from edgegen.deploy.backends.base import LogsWanted
    from edgegen.files.last_run import refuse_other
    from edgegen.project.backend import rendered_backend

    _check(tail, since, follow=follow, as_json=printing.json)
    refuse_other(project.directory, project.environment)
    backend = rendered_backend(project.directory, runner(host), host=host)
    color = console.has_colours(sys.stdout)
    wanted = LogsWanted(services or [], follow=follow, tail=tail, since=since, color=color)
    console.warn(backend.strangers())
    if printing.json:
        console.json_result("logs", True, lines=backend.log_lines(wanted))
    else:
        backend.logs(wanted)
    return 0


def _check(tail: str, since: str, *, follow: bool, as_json: bool) -> None:
    if as_json and follow:
        raise UsageError("--json prints one object at the end, but --follow does not end", hint="leave one of them out")
    if tail not in ("", "all") and not (tail.isascii() and tail.isdigit()):
        raise UsageError(f"--tail {tail}: a number of lines is expected, or `all`")
    if since and not _SINCE.fullmatch(since):
        raise UsageError(
            f"--since {shown(since)}: a time is expected",
            hint="write how long ago, like `10m` or `1h30m`, or a date like `2026-01-31` or `2026-01-31T08:00:00Z`",
        )
