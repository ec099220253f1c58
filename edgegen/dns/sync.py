"""Brings the providers to the wanted records: every zone is listed and checked before the first write to any.

`plan_zones` is `dns plan`; `sync` is `dns sync`. Both accept zones of any mix of providers.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from edgegen.core.errors import RefusedError
from edgegen.dns import last_seen
from edgegen.dns.apply import ZoneRun
from edgegen.dns.batches import chunks, units
from edgegen.dns.jobs import Choices, PlannedZone, Shelf, Surroundings, SyncResult, ZoneTask
from edgegen.dns.ledger_file import Ledgers
from edgegen.dns.plan import digest
from edgegen.dns.planning import Notes, Planner, found, look_at
from edgegen.dns.safety import refuse_unsafe
from edgegen.dns.sync_progress import Tally
from edgegen.system.clock import Clock, WallClock
from edgegen.system.flock import hold
from edgegen.system.stop import Stop

Judge = Callable[[Sequence[PlannedZone]], None]


def plan_zones(
    tasks: Sequence[ZoneTask], choices: Choices, surroundings: Surroundings | None = None
) -> tuple[PlannedZone, ...]:
    """List every zone, write nothing. Conflicts are in the plans; `safety.refuse_unsafe` rejects them.

    Raises ProviderError (a zone could not be listed whole), SpecError (two zones of one name, invalid content).
    """
    notes = _notes(tasks, choices, surroundings or Surroundings())
    return tuple(look_at(at, choices, notes) for at in found(tasks))


def _notes(tasks: Sequence[ZoneTask], choices: Choices, surroundings: Surroundings) -> Notes:
    """What the folder's state knows, before this run takes its own lock."""
    shelf = surroundings.shelf
    # A lock's file remains after the lock is released: where it is, a sync from here has taken it before.
    locked = frozenset(task.zone for task in tasks if shelf.read(_lock_file(task.zone)) is not None)
    return Notes(last_seen.Memory(shelf), Ledgers(shelf, choices.named), locked)


def sync(
    tasks: Sequence[ZoneTask],
    choices: Choices,
    surroundings: Surroundings | None = None,
    *,
    clock: Clock | None = None,
    stop: Stop | None = None,
    judge: Judge | None = None,
    planner: Planner | None = None,
) -> SyncResult:
    """Bring all zones to the wanted records, and list them again to verify.

    `planner` decides what to do with a zone; by default it brings the zone to its task's records. `judge` sees the
    plans before the first write and may raise. It is not called if there is nothing to write. Raises RefusedError
    (conflict, limit, stale plan: nothing was written anywhere), LockedError, OutsideError for an external failure
    before any change, PartialError for one after some changes, Interrupted (with how far it got).
    """
    surroundings = surroundings or Surroundings()
    stop = stop or Stop()
    clock = clock or WallClock(stop)
    tally = Tally(surroundings.progress, stop)
    notes = _notes(tasks, choices, surroundings)
    with contextlib.ExitStack() as held:
        # In the same order in every process, so that two syncs of the same zones can't deadlock.
        for name in sorted({task.zone for task in tasks}):
            held.enter_context(zone_lock(surroundings.shelf, name, surroundings.lock_timeout, clock))
        return _sync(tasks, choices, notes, clock, tally, judge=judge, planner=planner)


def _sync(
    tasks: Sequence[ZoneTask],
    choices: Choices,
    notes: Notes,
    clock: Clock,
    tally: Tally,
    *,
    judge: Judge | None,
    planner: Planner | None,
) -> SyncResult:
    with tally.told():
        zones = found(tasks, tally.step)
        planned = tuple(look_at(at, choices, notes, tally.step, planner) for at in zones)
    _refuse(planned, choices)
    if judge is not None and any(item.plan.writes for item in planned):
        with tally.told():
            judge(planned)
    tally.total = sum(len(item.plan.writes) for item in planned)
    warnings: list[str] = []
    with tally.told():
        for item in planned:
            warnings += [*item.warnings, *ZoneRun(item, choices, clock, tally, notes, planner=planner).bring_about()]
    return SyncResult(planned, tally.made, tally.total, (*warnings, *notes.warnings))


def _refuse(planned: Sequence[PlannedZone], choices: Choices) -> None:
    plans = [item.plan for item in planned]
    if choices.approved is not None and choices.approved != digest(
        plans, adopt=choices.adopt, prune=choices.prune, allow_apex=choices.allow_apex
    ):
        stale = "the plan is stale: the zones or the spec have changed since it was created"
        raise RefusedError(stale, hint="create a new plan")
    for item in planned:
        # Changes that don't fit into one request are found before the first request.
        deque(chunks(units(item.plan), item.task.capabilities.batch_limit), maxlen=0)
    room = {item.plan.zone: item.zone.quota - len(item.listing) for item in planned if item.zone.quota is not None}
    refuse_unsafe(plans, allow_deletes=choices.allow_deletes, allow_apex=choices.allow_apex, room=room)


@contextlib.contextmanager
def zone_lock(shelf: Shelf, zone: str, timeout: float, clock: Clock) -> Iterator[None]:
    """Holds `locks/<zone>.lock`, waiting at most `timeout` seconds; without a state folder there is no lock.

    Raises LockedError naming the holder, RefusedError if the lock is not a regular file, LocalIOError.
    """
    if shelf.open_lock is None:
        yield
        return
    path = _lock_file(zone)
    opened = shelf.open_lock(path)
    try:
        with hold(opened, path, timeout, clock, f"works on {zone}"):
            yield
    finally:
        os.close(opened)


def _lock_file(zone: str) -> str:
    return f"locks/{quote(zone, safe='')}.lock"
