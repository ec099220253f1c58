"""What the commands that run other programs have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli.console import Console, detail, json_result, out
from edgegen.cli.progress import working
from edgegen.deploy.host import host_environment, is_ssh
from edgegen.deploy.runner import Runner
from edgegen.deploy.terminal_text import table

if TYPE_CHECKING:
    from edgegen.deploy.command import Command
    from edgegen.deploy.health import Standing

RemoteDir = Annotated[
    str,
    typer.Option(
        "--remote-dir",
        metavar="DIR",
        help="The project's folder on the host of --host ssh://…; by default edgegen/NAME in the home folder.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing; print the commands.")]

EdgeNode = Annotated[
    str,
    typer.Option("--edge-node", metavar="HOST", help="Swarm: the manager that runs the edge, of several."),
]
VolumeNode = Annotated[
    list[str] | None,
    typer.Option("--volume-node", metavar="VOLUME=HOST", help="Swarm: the node that keeps a volume; may be repeated."),
]
Prune = Annotated[
    bool, typer.Option("--prune", help="Swarm: remove all secrets and configs of the stack that no service uses.")
]


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
    """The project's services as a table: a row for each container, or for each service of a swarm and its tasks."""
    if standing.replicas:
        out(_swarm_table(standing))
        return
    rows = [
        (row.service, row.state_text, row.health or "-", ", ".join(row.ports) or "-", row.image or "-")
        for row in standing.rows
    ]
    out(table(("SERVICE", "STATE", "HEALTH", "PORTS", "IMAGE"), rows))


def _swarm_table(standing: Standing) -> str:
    """The counts and the update of a service stand in the first row of its tasks."""
    of = {item.service: item for item in standing.replicas}
    rows: list[tuple[str, ...]] = []
    for row in standing.rows:
        item = of.pop(row.service, None)
        first = (row.service, f"{item.running}/{item.wanted}", item.update or "-") if item else ("", "", "")
        if item is None and row.service not in {one.service for one in standing.replicas}:
            first = (row.service, "0", "-")
        state = row.state_text + (f": {row.error}" if row.error else "")
        rows.append((*first, row.container or "-", row.node or "-", state, row.health or "-", row.image or "-"))
    rows += [(name, f"{item.running}/{item.wanted}", item.update or "-", *("-",) * 5) for name, item in of.items()]
    return table(("SERVICE", "REPLICAS", "UPDATE", "TASK", "NODE", "STATE", "HEALTH", "IMAGE"), rows)


def replicas_json(standing: Standing) -> dict[str, object]:
    """`replicas` for `--json` on a swarm, nothing elsewhere."""
    return {"replicas": [item.as_json() for item in standing.replicas]} if standing.replicas else {}


def services_json(standing: Standing) -> list[dict[str, object]]:
    """The same for `--json`."""
    return [row.as_json() for row in standing.rows]
