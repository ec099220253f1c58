"""Which records get a new owner's mark when a project that owned them by its name gets a unique owner. Pure.

Only the mark is written. Records that this folder does not know as its own don't change, as in every other plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from edgegen.core.dns_names import dns_name
from edgegen.dns.beside import answers_too
from edgegen.dns.diff import UNKNOWN, Whose
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.ledger import Ledger
from edgegen.dns.marker import Ownership
from edgegen.dns.normal import identity
from edgegen.dns.plan import Action, Change, Existing, ZonePlan
from edgegen.dns.planning import is_ignored, wanted
from edgegen.dns.provider import Listing
from edgegen.records import Record, RecordType


def own_plan(task: ZoneTask, listing: Listing, choices: Choices, known: Ledger) -> ZonePlan:
    """The plan that gives the project's records the mark of `choices.owner` instead of `choices.named`."""
    judge = _Judge(Whose(choices.owner, choices.named, known), choices.adopt, wanted(task))
    items = (item for item in listing.records if not is_ignored(task, item.record.name))
    changes = [change for item in items if (change := judge.of(item)) is not None]
    return ZonePlan(dns_name(task.zone), choices.owner, tuple(changes))


class _Judge:
    """What happens to one record."""

    def __init__(self, whose: Whose, adopted: frozenset[str], desired: Sequence[Record]) -> None:
        self._whose = whose
        self._adopted = adopted
        self._wanted = {identity(record) for record in desired}
        self._types: dict[str, set[RecordType]] = defaultdict(set)
        for record in desired:
            self._types[record.name].add(record.type)

    def of(self, item: Existing) -> Change | None:
        """None for a foreign record."""
        if not self._whose.bears_name(item):
            is_done = self._whose.of(item) is Ownership.OWNED
            return Change(Action.KEEP, item.record, item) if is_done else None
        if item.locked:
            return Change(Action.STALE, item.record, item, "is locked by the provider")
        if identity(item.record) in self._wanted or item.record.name in self._adopted or self._whose.known.knows(item):
            return Change(Action.ADOPT, item.record, item, "gets the new owner")
        reason = UNKNOWN.format(name=item.record.name)
        if self._stands_where_one_is_wanted(item):
            return Change(Action.CONFLICT, item.record, item, reason)
        return Change(Action.STALE, item.record, item, reason)

    def _stands_where_one_is_wanted(self, item: Existing) -> bool:
        found = item.record.type
        wanted_here = self._types.get(item.record.name, set())
        return any(answers_too(found, kind) or RecordType.CNAME in (found, kind) for kind in wanted_here)
