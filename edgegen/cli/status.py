"""`edgegen status`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from edgegen.cli import console
from edgegen.cli.deploy_options import replicas_json, runner, services_json, show
from edgegen.cli.options import HERE, Directory, Environment, Host, Json, Quiet, Verbose
from edgegen.cli.progress import progress_bar
from edgegen.cli.report.table import Cell, Column, table
from edgegen.cli.screen import GREEN, RED, YELLOW, screen
from edgegen.core.errors import EdgegenError

if TYPE_CHECKING:
    from edgegen.project.hosts_seen import HostSeen
    from edgegen.project.sights import Asked


_HOSTS = (Column("HOST"), Column("DNS", 2), Column("CERTIFICATE", 1, is_prose=True))
_DNS = {"ok": GREEN, "none": RED, "differs": RED, "unknown": YELLOW}


def status(
    *,
    directory: Directory = HERE,
    environment: Environment = None,
    host: Host = "",
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Show the stack's services and their health. Exit code 0: all are healthy; 1: they are not.

    On a swarm also the node of each task, how the last update went, and for each host what DNS answers and which
    certificate Traefik stores. These do not change the exit code: `edgegen verify` judges them.
    """
    from edgegen.deploy import steps
    from edgegen.files.last_run import refuse_other
    from edgegen.project.backend import rendered_backend
    from edgegen.project.sights import Asked

    refuse_other(directory, environment)
    running = runner(host)
    standing = steps.status(rendered_backend(directory, running), host=host)
    hosts = _hosts(directory, environment, Asked(running, host)) if standing.replicas else ()
    now = datetime.now(UTC)
    if json:
        console.json_result(
            "status",
            standing.ok,
            standing.findings(),
            project=standing.project,
            services=services_json(standing),
            **replicas_json(standing),
            **({"hosts": [seen.as_json(now) for seen in hosts]} if standing.replicas else {}),
        )
    else:
        show(standing)
        if hosts:
            rows = [(seen.host, Cell(seen.dns_text(), _DNS[seen.dns]), seen.certificate_text(now)) for seen in hosts]
            console.out("\n" + table(_HOSTS, rows, screen()))
    return 0 if standing.ok else 1


def _hosts(directory: Path, environment: str | None, asked: Asked) -> tuple[HostSeen, ...]:
    """A spec that can't be read does not hide how the stack is."""
    from edgegen.files import last_environment
    from edgegen.project.hosts_seen import hosts_seen

    try:
        with progress_bar("hosts", "looking at hosts and certificates"):
            return hosts_seen(directory, environment or last_environment(directory), asked)
    except EdgegenError as error:
        console.note(f"hosts and certificates are not shown: {error}")
        return ()
