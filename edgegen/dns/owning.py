"""Which records get another owner's mark when a project that owned them by its name gets a name of its own. Pure.

Only the mark is written. What this folder does not know as its own stays as it is, like in every other plan.
"""

from __future__ import annotations

from dataclasses import dataclass

from edgegen.dns.diff import UNKNOWN, Whose, answers_too
from edgegen.dns.ledger import Ledger
from edgegen.dns.marker import Ownership
from edgegen.dns.normal import host, identity
from edgegen.dns.plan import Action, Change, Existing, ZonePlan
from edgegen.dns.planning import is_ignored, wanted
from edgegen.dns.provider import Listing
from edgegen.dns.tasks import Choices, ZoneTask
from edgegen.records import Record


def own_plan(task: ZoneTask, listing: Listing, choices: Choices, known: Ledger) -> ZonePlan:
    """The plan that gives the project's records the mark of `choices.owner` instead of `choices.named`."""
    judge = _Judge(Whose(choices.owner, choices.named, known), choices.adopt, tuple(wanted(task)))
    items = (item for item in listing.records if not is_ignored(task, item.record.name))
    changes = [change for item in items if (change := judge.of(item)) is not None]
    return ZonePlan(host(task.zone), choices.owner, tuple(changes))


@dataclass(frozen=True, slots=True)
class _Judge:
    """What happens to one record."""

    whose: Whose
    adopted: frozenset[str]
    wanted: tuple[Record, ...]

    def of(self, item: Existing) -> Change | None:
        """None for a record of somebody else."""
        if not self.whose.bears_name(item):
            is_done = self.whose.of(item) is Ownership.OWNED
            return Change(Action.KEEP, item.record, item) if is_done else None
        if item.locked:
            return Change(Action.STALE, item.record, item, "is locked by the provider")
        if self._is_this_projects(item):
            return Change(Action.ADOPT, item.record, item, "gets the new owner")
        reason = UNKNOWN.format(name=item.record.name)
        if self._stands_where_one_is_wanted(item):
            return Change(Action.CONFLICT, item.record, item, reason)
        return Change(Action.STALE, item.record, item, reason)

    def _is_this_projects(self, item: Existing) -> bool:
        is_wanted = any(identity(record) == identity(item.record) for record in self.wanted)
        return is_wanted or item.record.name in self.adopted or self.whose.known.knows(item)

    def _stands_where_one_is_wanted(self, item: Existing) -> bool:
        found = item.record
        return any(record.name == found.name and answers_too(found.type, record.type) for record in self.wanted)
