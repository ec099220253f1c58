"""`edgegen dns own`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from edgegen.cli.chance import random_letters
from edgegen.cli.commands import option
from edgegen.cli.console import json_result, note, show
from edgegen.cli.dns_options import LockTimeout, stopping, tasks_of, writing
from edgegen.cli.options import Host, Printing, Project

if TYPE_CHECKING:
    from edgegen.project.dns_own import Owned

Adopt = Annotated[list[str] | None, option("--adopt", "Treat records of this name as ours; may be repeated.", "NAME")]


def own(
    adopt: Adopt = None, lock_timeout: LockTimeout = 0, host: Host = "", *, project: Project, printing: Printing
) -> int:
    """Give the project's DNS records a unique owner.

    For a project that owns its records only by its name: marks them with the new owner, then writes `dns: {owner: …}`
    into edge.yaml. If it is interrupted, the next run continues with the same owner.
    """
    from edgegen.project import dns_own
    from edgegen.system.clock import WallClock
    from edgegen.system.stop import Stop

    stop = Stop(heard=stopping)
    clock = WallClock(stop)
    found = tasks_of(project, host, clock)
    with writing(project.directory, lock_timeout, stop) as surroundings:
        done = dns_own.own(
            project.directory, found, random_letters(8), surroundings, adopt=adopt or (), clock=clock, stop=stop
        )
    _show(done, as_json=printing.json)
    return 0


def _show(done: Owned, *, as_json: bool) -> None:
    from edgegen.cli.report.dns_plan import as_json as plans_as_json
    from edgegen.cli.report.dns_plan import describe

    for warning in done.result.warnings if done.result is not None else ():
        note(f"warning: {warning}")
    for change in done.left:
        note(f"left as it is: {describe(change)}")
    made = done.result.made if done.result is not None else 0
    if as_json:
        plans = plans_as_json(done.result.planned) if done.result is not None else []
        json_result("dns own", True, owner=done.owner, made=made, written=done.is_written, plans=plans)
    elif done.result is None:
        show(f"edge.yaml already names the owner `{done.owner}`: nothing to do")
    else:
        records = f"{made} record{'s' if made != 1 else ''} marked with the owner `{done.owner}`"
        show(f"{records}; {'it is now in edge.yaml: commit it' if done.is_written else 'it is already in edge.yaml'}")
