"""Changes of a zone during a sync: which are ours to undo, and which need permission. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from dataclasses import replace

from edgegen.core.errors import RefusedError
from edgegen.dns.diff import STANDS_TWICE, age
from edgegen.dns.marker import marker
from edgegen.dns.normal import identity
from edgegen.dns.plan import Action, Change, Existing, ZonePlan
from edgegen.dns.provider import Listing
from edgegen.dns.safety import refuse_unsafe
from edgegen.dns.sync_progress import Tally


def late_twins(listing: Listing, owner: str, made_here: Set[str], limit: int) -> tuple[str, ...]:
    """Records created by this run that another run created just before: some types may exist twice.

    The earliest stays, so that of two runs that see both exactly one removes its own.
    """
    ours: dict[tuple[str, ...], list[Existing]] = defaultdict(list)
    for item in listing.records:
        if item.comment == marker(owner, item.record):
            ours[identity(item.record)].append(item)
    late = [item for items in ours.values() for item in sorted(items, key=age)[1:]]
    return tuple(item.id for item in late if item.id in made_here)[:limit]


def without_new_twins(first: ZonePlan, todo: ZonePlan) -> ZonePlan:
    """The plan without duplicates that did not exist at first: the run that creates them removes them."""
    known = {change.existing.id for change in first.writes if change.existing is not None}
    kept = (
        change
        for change in todo.changes
        if change.reason != STANDS_TWICE or (change.existing is not None and change.existing.id in known)
    )
    return replace(todo, changes=tuple(kept))


def judge(first: ZonePlan, todo: ZonePlan, tally: Tally) -> None:
    """A new plan may do less than the first, never more: nobody has read or approved it.

    Raises PartialError; RefusedError for a conflict before anything was changed.
    """
    allowed = {change.existing.id for change in first.writes if change.existing is not None}
    for change in todo.writes:
        if change.existing is not None and change.existing.id not in allowed and _needs_leave(change, todo):
            raise tally.failed(
                f"{todo.zone} was changed by someone else in the meantime ({change.action} {change.record.name})"
            )
    try:
        refuse_unsafe([ZonePlan(todo.zone, todo.owner, tuple(todo.of(Action.CONFLICT)))])
    except RefusedError as error:
        if tally.made:
            raise tally.failed(error.problems[0].message) from error
        raise


def _needs_leave(change: Change, todo: ZonePlan) -> bool:
    """Deletions, and records without our mark, need the user's permission."""
    if change.action is Action.DELETE or change.existing is None:
        return True
    return change.existing.comment != marker(todo.owner, change.existing.record)
