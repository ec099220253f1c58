"""What the commands that run other programs have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from edgegen.cli.commands import option
from edgegen.cli.console import Console, detail, json_result, out
from edgegen.cli.progress import working
from edgegen.cli.screen import screen
from edgegen.deploy.host import host_environment, is_ssh
from edgegen.deploy.runner import Runner

if TYPE_CHECKING:
    from edgegen.deploy.command import Command
    from edgegen.deploy.health import Standing

DryRun = Annotated[bool, option("--dry-run", "Change nothing; print the commands.")]


def runner(host: str) -> Runner:
    """Runs commands on this host's engine or on that of `host`; with `-v` each is shown."""
    # ssh may ask for a password on this terminal, in the line that the status would take.
    waiting = None if is_ssh(host) else working
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
    from edgegen.cli.report.standing import standing_text

    out(standing_text(standing, screen()))


def replicas_json(standing: Standing) -> dict[str, object]:
    """`replicas` for `--json` on a swarm, nothing elsewhere."""
    return {"replicas": [item.as_json() for item in standing.replicas]} if standing.replicas else {}


def services_json(standing: Standing) -> list[dict[str, object]]:
    """The same for `--json`."""
    return [row.as_json() for row in standing.rows]
