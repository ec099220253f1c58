"""What would be done to a zone, as data. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from edgegen.records import Record, RecordType

APEX_TYPES = (RecordType.NS, RecordType.MX)
"""At the zone's own name the whole zone, or all of its mail, depends on these."""


class Action(StrEnum):
    """What happens to one record."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    KEEP = "keep"
    ADOPT = "adopt"
    """Already correct: only the mark is written."""
    STALE = "stale"
    """Ours, and no longer wanted: deleted only with `--prune`."""
    FOREIGN = "foreign"
    """Foreign: never touched."""
    SUSPECT = "suspect"
    """Has a mark that is almost ours: never touched, and reported."""
    CONFLICT = "conflict"
    """Wanted, but a foreign record is in its way: nothing is written anywhere."""


WRITES = (Action.CREATE, Action.UPDATE, Action.DELETE, Action.ADOPT)


@dataclass(frozen=True, slots=True)
class Existing:
    """A record at a provider, in canonical spelling."""

    id: str
    record: Record
    comment: str | None = None
    locked: bool = False
    """Read-only, or managed by another product of the provider."""
    created: str = ""
    """When it was created, in a sortable form, if the provider says so."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a plan."""

    action: Action
    record: Record
    """The wanted record; for a record that is not wanted, the existing one."""
    existing: Existing | None = None
    reason: str = ""

    @property
    def is_write(self) -> bool:
        """Whether something is sent to the provider for it."""
        return self.action in WRITES

    def as_json(self) -> dict[str, Any]:
        """The change for `--json` and plan files."""
        record = self.record
        body = {"action": self.action.value, "type": record.type.value, "name": record.name, **_terms(record)}
        if self.existing is not None:
            body |= {"id": self.existing.id, "was": _terms(self.existing.record)}
        return {**body, "reason": self.reason} if self.reason else body


def _terms(record: Record) -> dict[str, Any]:
    terms = {"content": record.content, "ttl": record.ttl, "proxied": record.proxied}
    return terms if record.priority is None else {**terms, "priority": record.priority}


@dataclass(frozen=True, slots=True)
class ZonePlan:
    """Everything about one zone."""

    zone: str
    owner: str
    changes: tuple[Change, ...] = field(default=())

    def of(self, *actions: Action) -> tuple[Change, ...]:
        """The changes with one of these actions, in order."""
        return tuple(change for change in self.changes if change.action in actions)

    @property
    def writes(self) -> tuple[Change, ...]:
        """The changes that something is sent for."""
        return tuple(change for change in self.changes if change.is_write)

    def as_json(self) -> dict[str, Any]:
        """The zone for `--json` and plan files."""
        counts = {action.value: len(self.of(action)) for action in Action if self.of(action)}
        return {
            "zone": self.zone,
            "owner": self.owner,
            "counts": counts,
            "changes": [change.as_json() for change in self.changes],
        }


def digest(
    plans: Sequence[ZonePlan], *, adopt: Iterable[str] = (), prune: bool = False, allow_apex: bool = False
) -> str:
    """A checksum of what would be written and what was allowed: if it has changed, the plan is stale."""
    return digest_of([plan.as_json() for plan in plans], adopt=adopt, prune=prune, allow_apex=allow_apex)


def digest_of(plans: Sequence[Mapping[str, Any]], *, adopt: Iterable[str], prune: bool, allow_apex: bool) -> str:
    """`digest` of plans as a plan file shows them: it compares what a person has read."""
    writes = [
        [plan["zone"], plan["owner"], [change for change in plan["changes"] if change["action"] in WRITES]]
        for plan in plans
    ]
    body = {"adopt": sorted(adopt), "prune": prune, "allow_apex": allow_apex, "writes": writes}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
