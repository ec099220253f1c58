"""A plan as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from edgegen.core.show import shown
from edgegen.dns.jobs import PlannedZone
from edgegen.dns.plan import Action, Change
from edgegen.provider_names import AUTOMATIC_TTL

SIGNS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.ADOPT: "~",
    Action.DELETE: "-",
    Action.KEEP: "=",
    Action.STALE: "?",
    Action.SUSPECT: "?",
    Action.FOREIGN: ".",
    Action.CONFLICT: "!",
}
_LONGEST = 5000
QUIET = (Action.KEEP, Action.FOREIGN)
"""Shown only with -v, unless there is something to say about them."""


def text(planned: Sequence[PlannedZone], *, verbose: bool = False) -> str:
    """The plan, one line per change, zone by zone."""
    lines = []
    for item in planned:
        lines.append(f"{item.task.zone} (owner {item.plan.owner})")
        lines += [f"  {line}" for line in _lines(item, verbose=verbose)]
        lines.append(f"  {summary(item)}")
    return "\n".join(lines)


def _lines(item: PlannedZone, *, verbose: bool) -> Iterator[str]:
    for change in item.plan.changes:
        if change.action in QUIET and not (verbose or change.reason):
            continue
        # Always on one line, whatever a record contains: a second line would look like a change of the plan.
        yield shown(f"{SIGNS[change.action]} {change.action.value:<8} {describe(change)}", _LONGEST)


def describe(change: Change) -> str:
    """One change: type, name, what it becomes, what it was, and why."""
    record = change.record
    shown = f"{record.type.value:<5} {record.name} -> {_content(change)}"
    was = change.existing.record if change.existing is not None and change.action is Action.UPDATE else None
    if was is not None and (was.content, was.priority) != (record.content, record.priority):
        shown += f" (was {'' if was.priority is None else f'{was.priority} '}{was.content})"
    elif was is not None:
        shown += (
            f" (was {_options(was.ttl, proxied=was.proxied)}, becomes {_options(record.ttl, proxied=record.proxied)})"
        )
    return f"{shown}: {change.reason}" if change.reason else shown


def _content(change: Change) -> str:
    record = change.record
    priority = "" if record.priority is None else f"{record.priority} "
    return f"{priority}{record.content}{' (proxied)' if record.proxied else ''}"


def _options(ttl: int, *, proxied: bool) -> str:
    return f"ttl {'auto' if ttl == AUTOMATIC_TTL else ttl}{', proxied' if proxied else ''}"


def summary(item: PlannedZone) -> str:
    """How many records each action has."""
    parts = [f"{len(item.plan.of(action))} {action.value}" for action in Action if item.plan.of(action)]
    return ", ".join(parts) or "nothing wanted, nothing there"


def counts(planned: Sequence[PlannedZone]) -> dict[str, int]:
    """How many records each action has, over all zones."""
    return {action.value: number for action in Action if (number := sum(len(item.plan.of(action)) for item in planned))}


def as_json(planned: Sequence[PlannedZone]) -> list[dict[str, Any]]:
    """The plans for `--json`."""
    return [item.plan.as_json() for item in planned]
