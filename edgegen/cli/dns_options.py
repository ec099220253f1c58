"""What the commands of `edgegen dns` share: options, the zones of the spec, and a run that writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from edgegen.cli.commands import option
from edgegen.cli.console import detail, note, warn
from edgegen.cli.progress import progress_bar, working
from edgegen.cli.seconds import time_option
from edgegen.files.output import STATE_DIRECTORY

if TYPE_CHECKING:
    from edgegen.cli.options import Project
    from edgegen.dns.jobs import Choices, PlannedZone, Progress, Surroundings
    from edgegen.lookup import Server
    from edgegen.project.dns import Tasks
    from edgegen.project.sights import Asked
    from edgegen.system.clock import Clock
    from edgegen.system.stop import Stop

LockTimeout = Annotated[float, time_option("--lock-timeout", "Wait for a lock.")]


class Taken(Struct, frozen=True):
    """Which records of others a run takes over, and which of ours it deletes."""

    adopt: Annotated[
        list[str] | None, option("--adopt", "Take over records of this name; may be repeated.", "NAME")
    ] = None
    prune: Annotated[bool, option("--prune", "Delete our records that the spec no longer wants.")] = False
    allow_apex: Annotated[
        bool, option("--allow-apex", "Delete our MX and NS of the zone itself that the spec no longer wants.")
    ] = False


def tasks_of(project: Project, host: str, clock: Clock | None = None, *, only_looks: bool = False) -> Tasks:
    """The zones of the spec with their records; prints the warnings.

    Raises RefusedError where the folder has an environment's files, none is named and its records are others, unless a
    command only looks: without the overlay, its hosts would get the addresses of another environment.
    """
    from edgegen.project.dns import refuse_unnamed_overlay, tasks
    from edgegen.spec.load import load

    with working("finding out the edge's address"):
        loaded = load(project.directory, project.environment)
        if not only_looks and project.environment is None:
            refuse_unnamed_overlay(project.directory, loaded.spec)
        found = tasks(project.directory, loaded, environ=os.environ, asked=asked(host), clock=clock)
    warn(found.warnings)
    return found


def asked(host: str) -> Asked:
    """The engine that knows where the edge is; nothing is asked before the spec says `auto`."""
    from edgegen.cli.deploy_options import runner
    from edgegen.project.sights import Asked

    return Asked(runner(host), host)


def planned_of(found: Tasks, chosen: Choices, directory: Path) -> tuple[PlannedZone, ...]:
    """What a sync would do in each zone, without doing it."""
    from edgegen.dns import sync as syncing
    from edgegen.dns.jobs import Surroundings
    from edgegen.project.dns_owner import shelf

    # Reading creates no folder.
    surroundings = Surroundings(shelf=shelf(directory)) if (directory / STATE_DIRECTORY).is_dir() else None
    with working("reading the records at the DNS provider"):
        planned = syncing.plan_zones(found.zones, chosen, surroundings)
    for item in planned:
        for warning in item.warnings:
            note(f"warning: {warning}")
    return planned


def servers(resolver: list[str] | None) -> tuple[Server, ...]:
    """The resolvers that are named, else those of the system."""
    from edgegen.lookup import parse_server, system_servers

    return tuple(parse_server(text) for text in resolver) if resolver else system_servers()


@contextmanager
def writing(directory: Path, lock_timeout: float, stop: Stop) -> Iterator[Surroundings]:
    """What a run that writes needs, with progress on the terminal; a signal stops it before the next request.

    A run that was stopped says how far it got, and ends the command with 130 or 143.
    """
    from edgegen.dns.jobs import Surroundings
    from edgegen.project.dns_owner import shelf
    from edgegen.system.stop import Interrupted

    def progress(now: Progress) -> None:
        count(now.made, now.total)
        detail(now.doing)

    try:
        with progress_bar("changes", "waiting for the DNS provider") as count, stop.on_signals():
            yield Surroundings(lock_timeout, progress, shelf(directory))
    except Interrupted as told:
        if str(told):  # else it came before the work or after it
            told.add_note(str(told))
        raise


def stopping() -> None:
    """A request that is on its way is not taken back: it may take a minute."""
    note("stopping after the request that is on its way; Ctrl-C again stops at once")
