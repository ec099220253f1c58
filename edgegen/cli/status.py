"""`edgegen status`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from edgegen.cli import console
from edgegen.cli.deploy_options import replicas_json, runner, services_json, show
from edgegen.cli.options import Host, Printing, Project
from edgegen.cli.progress import progress_bar
from edgegen.cli.report.table import Cell, Column, table
from edgegen.cli.screen import GREEN, RED, YELLOW, screen
from edgegen.core.errors import EdgegenError

if TYPE_CHECKING:
    from edgegen.project.hosts_seen import HostSeen
    from edgegen.project.sights import Asked


_HOSTS = (Column("HOST"), Column("DNS", 2), Column("CERTIFICATE", 1, is_prose=True))
_DNS = {"ok": GREEN, "none": RED, "differs": RED, "unknown": YELLOW}


def status(*, project: Project, host: Host = "", printing: Printing) -> int:
    """Show the stack's services and their health. Exit code 0: all are healthy; 1: they are not.

    On a swarm also the node of each task, how the last update went, and for each host what DNS answers and which
    certificate Traefik stores. These do not change the exit code: `edgegen verify` judges them.
    """
    from edgegen.deploy import steps
    from edgegen.files.last_run import refuse_other
    from edgegen.project.backend import rendered_backend
    from edgegen.project.sights import Asked

    refuse_other(project.directory, project.environment)
    running = runner(host)
    standing = steps.status(rendered_backend(project.directory, running, host=host), host=host)
    hosts = _hosts(project, Asked(running, host)) if standing.replicas else ()
    now = datetime.now(UTC)
    if printing.json:
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
        console.warn(standing.doubts)
        if hosts:
            rows = [(seen.host, Cell(seen.dns_text(), _DNS[seen.dns]), seen.certificate_text(now)) for seen in hosts]
            console.out("\n" + table(_HOSTS, rows, screen()))
    return 0 if standing.ok else 1


def _hosts(project: Project, asked: Asked) -> tuple[HostSeen, ...]:
    """A spec that can't be read does not hide how the stack is."""
    from edgegen.files import last_environment
    from edgegen.project.hosts_seen import hosts_seen

    try:
        with progress_bar("hosts", "looking at hosts and certificates"):
            return hosts_seen(project.directory, project.environment or last_environment(project.directory), asked)
    except EdgegenError as error:
        console.note(f"hosts and certificates are not shown: {error}")
        return ()
