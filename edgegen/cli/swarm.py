"""`edgegen swarm init|join|nodes|drain|activate|move-edge`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli.commands import Commands, option
from edgegen.cli.console import json_result, note, out
from edgegen.cli.deploy_options import DryRun, runner
from edgegen.cli.options import Host, Printing, Project
from edgegen.cli.report.table import Cell, Column, table
from edgegen.cli.screen import GREEN, RED, YELLOW, screen
from edgegen.cli.seconds import whole_time_option
from edgegen.core.names import duration_text

if TYPE_CHECKING:
    from edgegen.deploy.nodes.session import Session
    from edgegen.project.swarm_nodes import NodeRow

app = Commands("Make a swarm of several hosts, and look after its nodes.")

_WAIT = 180
_NODES = (
    Column("NODE"), Column("ADDRESS", 3), Column("ROLE", 4), Column("STATE", 6), Column("AVAILABILITY", 5),
    Column("EDGE OF", 2), Column("VOLUMES", 1),
)  # fmt: skip
One = Annotated[str, typer.Argument(metavar="HOST", help="The host, as ssh://me@server.")]
Node = Annotated[str, typer.Argument(metavar="HOST", help="The host, as ssh://me@server, or a node's name.")]
Wait = Annotated[int, whole_time_option("--wait", "How long to wait for it.", show_default=duration_text(_WAIT))]

Hosts = Annotated[list[str], typer.Argument(metavar="HOST...", help="The hosts, each as ssh://me@server.")]
Advertise = Annotated[str, option("--advertise", "The address under which other nodes reach it.", "ADDR")]
Manager = Annotated[bool, option("--manager", "Join as managers; members become managers.")]
DrainAnyway = Annotated[
    bool, option("--force", "Drain it even if it runs a stack's edge, or if no other node takes tasks.")
]
MoveAnyway = Annotated[bool, option("--force", "Move it even if its certificates can't be copied.")]
From = Annotated[str, option("--from", "The old node's host, if it is not found by its address.", "HOST")]


@app.command()
def init(host: One, advertise: Advertise = "", dry_run: DryRun = False, *, project: Project, printing: Printing) -> int:
    """Make a host the first manager of a new swarm.

    If it is a manager already, nothing happens. The join token is never shown: `edgegen swarm join` passes it on.
    """
    from edgegen.project import swarm_nodes

    session = _session("", dry_run)
    swarm_nodes.init(session, host, advertise)
    return _done("init", session, as_json=printing.json)


@app.command()
def join(
    hosts: Hosts, manager: Manager = False, host: Host = "", dry_run: DryRun = False, *, project: Project,
    printing: Printing,
) -> int:  # fmt: skip
    """Join hosts to the swarm of --host, or of this machine.

    Hosts that are members stay members. The number of managers must be odd: of two, both must work for the swarm to be
    changed, so a second manager is refused unless a third joins with it.
    """
    from edgegen.project import swarm_nodes

    session = _session(host, dry_run)
    swarm_nodes.join(session, hosts, manager=manager)
    return _done("join", session, as_json=printing.json)


@app.command()
def nodes(host: Host = "", *, project: Project, printing: Printing) -> int:
    """List the nodes: roles, states, and whose edge and volumes they have."""
    from edgegen.project import swarm_nodes

    rows = swarm_nodes.rows(_session(host, False))
    if printing.json:
        json_result("swarm nodes", True, nodes=[row.as_json() for row in rows])
        return 0
    out(table(_NODES, [_columns(row) for row in rows], screen()))
    return 0


@app.command()
def drain(
    node: Node, force: DrainAnyway = False, wait: Wait = _WAIT, host: Host = "", dry_run: DryRun = False, *,
    project: Project, printing: Printing,
) -> int:  # fmt: skip
    """Before a reboot: move a node's tasks to other nodes, and wait until none runs there.

    Refused for a node that runs a stack's edge: `edgegen swarm move-edge` moves that first. Refused, too, if no other
    node takes tasks.
    """
    from edgegen.project import swarm_nodes

    session = _session(host, dry_run)
    row = swarm_nodes.drain(session, node, force=force, wait=wait)
    if row.volumes:
        note(f"services with the volumes {', '.join(row.volumes)} stay down until `edgegen swarm activate {node}`")
    return _done("drain", session, as_json=printing.json)


@app.command()
def activate(node: Node, host: Host = "", dry_run: DryRun = False, *, project: Project, printing: Printing) -> int:
    """Let a drained node take tasks again. Tasks that run elsewhere stay there until their next update."""
    from edgegen.project import swarm_nodes

    session = _session(host, dry_run)
    swarm_nodes.activate(session, node)
    return _done("activate", session, as_json=printing.json)


@app.command("move-edge")
def move_edge(
    node: One, source: From = "", force: MoveAnyway = False, wait: Wait = _WAIT, host: Host = "",
    dry_run: DryRun = False, *, project: Project, printing: Printing,
) -> int:  # fmt: skip
    """Move the project's Traefik to another node, together with its certificates.

    acme.json is copied before the edge moves: otherwise Traefik would order every certificate again, and Let's Encrypt
    allows five a week for the same names. Requests fail for some seconds while Traefik starts on the new node.
    """
    from edgegen.project import swarm_nodes

    session = _session(host, dry_run)
    stack, row = swarm_nodes.move_edge(
        session, project.directory, project.environment, node, source, force=force, wait=wait
    )
    if session.changed:
        note(
            f"the names of {stack} must lead to the new node now: its address in the swarm is {row.node.address}, and "
            "`edgegen dns sync` changes the records"
        )
    return _done("move-edge", session, as_json=printing.json)


def _session(host: str, dry_run: bool) -> Session:
    from edgegen.deploy.nodes.session import Session

    return Session(runner, host, dry_run)


def _done(name: str, session: Session, *, as_json: bool) -> int:
    """The commands of a dry run, or what was done."""
    commands = [order.line() for order in session.orders] if session.dry_run else []
    if as_json:
        json_result(f"swarm {name}", True, changed=session.changed, messages=session.lines, commands=commands)
        return 0
    for line in commands:
        out(line)
    for line in session.lines:
        note(line)
    return 0


def _columns(row: NodeRow) -> tuple[str | Cell, ...]:
    node = row.node
    role = "leader" if node.is_leader else node.role
    is_reached = node.reachability in ("", "reachable")
    state = node.state if is_reached else f"{node.state}, {node.reachability}"
    return (
        node.hostname, node.address or "-", role, Cell(state, GREEN if is_reached and node.state == "ready" else RED),
        Cell(node.availability, "" if node.availability == "active" else YELLOW),
        ", ".join(row.edges) or "-", ", ".join(row.volumes) or "-",
    )  # fmt: skip
