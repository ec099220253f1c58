"""A plan as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from edgegen.cli.console import printable
from edgegen.cli.screen import BOLD, DIM, GREEN, PLAIN, RED, YELLOW, Screen
from edgegen.core.columns import width, wrapped
from edgegen.core.show import shown
from edgegen.dns.jobs import PlannedZone
from edgegen.dns.plan import Action, Change
from edgegen.provider_names import AUTOMATIC_TTL

_SIGNS = {
    Action.CREATE: ("+", GREEN), Action.UPDATE: ("~", YELLOW), Action.ADOPT: ("~", YELLOW), Action.DELETE: ("-", RED),
    Action.KEEP: ("=", DIM), Action.STALE: ("?", YELLOW), Action.SUSPECT: ("?", YELLOW), Action.FOREIGN: (".", DIM),
    Action.CONFLICT: ("!", RED),
}  # fmt: skip
"""Each with its colour."""
_LONGEST = 5000
QUIET = (Action.KEEP, Action.FOREIGN)
"""Shown only with -v, unless there is something to say about them."""


_HANGING = " " * 8
"""Deeper than a sign: what a record contains can't look like another change."""


def text(planned: Sequence[PlannedZone], *, verbose: bool = False, screen: Screen = PLAIN) -> str:
    """The plan, one line per change, zone by zone."""
    return "\n".join(line for item in planned for line in _zone(item, verbose=verbose, screen=screen))


def _zone(item: PlannedZone, *, verbose: bool, screen: Screen) -> Iterator[str]:
    zone = printable(item.task.zone)
    yield f"{screen.colour(zone, BOLD)} (owner {printable(item.plan.owner)})"
    changes = [change for change in item.plan.changes if change.action not in QUIET or verbose or change.reason]
    widest = _widest([shown(change.record.name, _LONGEST) for change in changes], screen)
    for change in changes:
        yield from _change(change, widest, screen)
    yield f"  {summary(item)}"


def _widest(names: Sequence[str], screen: Screen) -> int:
    """Columns for the names on a terminal: the longest that leaves enough room for what follows."""
    return max((size for name in names if (size := width(name)) <= (screen.width or 0) // 3), default=0)


def _change(change: Change, widest: int, screen: Screen) -> Iterator[str]:
    """One line for programs. Its sign says what it is, so it is never at the begin of another line."""
    sign, colour = _SIGNS[change.action]
    plain_sign = f"{sign} {change.action.value:<8}"
    painted_sign = screen.colour(plain_sign, colour)
    name, rest = shown(change.record.name, _LONGEST), shown(_becomes(change), _LONGEST)
    kind = f"{change.record.type.value:<5}"
    before = f"  {plain_sign} {kind} "
    if screen.width and width(before + name) > screen.width:  # a name is not cut: it gets a line to itself
        yield f"  {painted_sign} {kind}".rstrip()
        yield f"{_HANGING}{screen.colour(name, BOLD)}"
        yield from wrapped(rest, screen.width, lead=_HANGING, hanging=_HANGING, fold=True)
        return
    plain = f"{before}{name}{' ' * max(0, widest - width(name))} "
    first, *more = wrapped(rest, screen.width, lead=plain, hanging=_HANGING, fold=True)
    painted = f"  {painted_sign} {kind} {screen.colour(name, BOLD)}"
    yield painted + first[len(before + name) :]
    yield from more


def describe(change: Change) -> str:
    """One change: type, name, what it becomes, what it was, and why."""
    return f"{change.record.type.value:<5} {change.record.name} {_becomes(change)}"


def _becomes(change: Change) -> str:
    record = change.record
    said = f"-> {_content(change)}"
    was = change.existing.record if change.existing is not None and change.action is Action.UPDATE else None
    if was is not None and (was.content, was.priority) != (record.content, record.priority):
        said += f" (was {'' if was.priority is None else f'{was.priority} '}{was.content})"
    elif was is not None:
        said += (
            f" (was {_options(was.ttl, proxied=was.proxied)}, becomes {_options(record.ttl, proxied=record.proxied)})"
        )
    return f"{said}: {change.reason}" if change.reason else said


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
