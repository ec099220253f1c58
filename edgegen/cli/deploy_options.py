"""What `up`, `down`, `status` and `logs` have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli.console import Console, detail, json_result, out
from edgegen.cli.progress import working
from edgegen.deploy.host import host_environment
from edgegen.deploy.runner import Runner
from edgegen.deploy.terminal_text import table

if TYPE_CHECKING:
    from edgegen.deploy.command import Command
    from edgegen.deploy.health import Standing

Host = Annotated[
    str, typer.Option("--host", metavar="URL", help="Use the engine of another machine, e.g. ssh://me@example.com.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing; print the commands.")]


def runner(host: str) -> Runner:
    """Runs commands on this host's engine or on that of `host`; with `-v` each is shown."""
    # ssh may ask for a password on this terminal, in the line that the status would take.
    waiting = None if host.startswith("ssh://") else working
    return Runner(host_environment(host), detail if Console.verbose else None, waiting)


def show_commands(name: str, commands: Sequence[Command], host: str, *, as_json: bool) -> None:
    """Print what the command `name` would run: one shell line each, or one object with these lines."""
    environment = host_environment(host)
    if as_json:
        json_result(name, True, commands=[command.line(environment) for command in commands])
        return
    for command in commands:
        out(command.line(environment))


def show(standing: Standing) -> None:
    """The project's services as a table."""
    rows = [
        (row.service, row.state_text, row.health or "-", ", ".join(row.ports) or "-", row.image or "-")
        for row in standing.rows
    ]
    out(table(("SERVICE", "STATE", "HEALTH", "PORTS", "IMAGE"), rows))


def services_json(standing: Standing) -> list[dict[str, object]]:
    """The same for `--json`."""
    return [row.as_json() for row in standing.rows]
