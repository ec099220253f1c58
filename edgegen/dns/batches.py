"""The order of writes. Pure.

Changes of a name's type are sent together; then new records, changed ones, and removed ones last: a name that has an
answer before and after has one at every moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from edgegen.core.errors import RefusedError
from edgegen.dns.marker import marker
from edgegen.dns.plan import Action, Change, ZonePlan
from edgegen.dns.provider import Batch, Patch, Post

_ORDER = (Action.CREATE, Action.ADOPT, Action.UPDATE, Action.DELETE)


class Unit(Struct, frozen=True):
    """Changes that must be sent together: usually one."""

    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        """The name that it changes."""
        return self.changes[0].record.name


def units(plan: ZonePlan) -> list[Unit]:
    """The plan's writes in their order."""
    by_name: dict[str, list[Change]] = defaultdict(list)
    for change in plan.writes:
        by_name[change.record.name].append(change)
    together = [Unit(tuple(changes)) for changes in by_name.values() if _belong_together(changes)]
    names = {unit.name for unit in together}
    single = [change for change in plan.writes if change.record.name not in names]
    return [*together, *(Unit((change,)) for action in _ORDER for change in single if change.action is action)]


def chunks(all_units: Iterable[Unit], limit: int) -> Iterator[list[Unit]]:
    """Units in groups of at most `limit` changes. Raises RefusedError for a unit that exceeds the limit."""
    group: list[Unit] = []
    size = 0
    for unit in all_units:
        if len(unit.changes) > limit:
            raise RefusedError(f"{unit.name}: {len(unit.changes)} changes at one name do not fit into one request")
        if size + len(unit.changes) > limit:
            yield group
            group, size = [], 0
        group.append(unit)
        size += len(unit.changes)
    if group:
        yield group


def batch(group: Sequence[Unit], owner: str) -> Batch:
    """The request for a group, each record with its mark."""
    changes = [change for unit in group for change in unit.changes]
    return Batch(
        deletes=tuple(_id(change) for change in changes if change.action is Action.DELETE),
        patches=tuple(
            Patch(_id(change), change.record, marker(owner, change.record))
            for change in changes
            if change.action in (Action.UPDATE, Action.ADOPT)
        ),
        posts=tuple(
            Post(change.record, marker(owner, change.record)) for change in changes if change.action is Action.CREATE
        ),
    )


def _belong_together(changes: Sequence[Change]) -> bool:
    """Whether a record is replaced here: one is deleted, and another is created or changed."""
    deletes = sum(change.action is Action.DELETE for change in changes)
    return 0 < deletes < len(changes)


def _id(change: Change) -> str:
    if change.existing is None:
        raise ValueError(f"{change.action} of {change.record.name} without what exists")
    return change.existing.id
