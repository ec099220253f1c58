"""From observations to findings; and a second look at what is not yet good."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import chain, repeat

from msgspec import Struct

from edgegen.core.finding import NOT_SEEN, Finding, Outcome
from edgegen.core.grade import grade, worst
from edgegen.endpoints import Endpoint
from edgegen.system.clock import Clock, WallClock
from edgegen.system.stop import Interrupted, Stop
from edgegen.verify.checks import CHECKS, Check, Context
from edgegen.verify.circles import with_circles
from edgegen.verify.observation import Observation

PAUSES = (1.0, 2.0, 4.0, 8.0, 10.0)
"""Seconds between two looks; the last one repeatedly."""
LACKS = frozenset({"registry-no-credentials", "registry-forbidden", "no-family", "client-certificate"})
"""Verdicts for what this machine lacks: no password, no way in, no IPv6, no client certificate. Waiting does not
help."""


def judge(
    observations: Iterable[Observation], context: Context, checks: Sequence[Check] = CHECKS
) -> tuple[Finding, ...]:
    """Every finding, endpoint by endpoint, in the order of the checks."""
    return tuple(finding for seen in with_circles(observations) for finding in judge_one(seen, context, checks))


def judge_one(seen: Observation, context: Context, checks: Sequence[Check] = CHECKS) -> tuple[Finding, ...]:
    """What all checks say about one endpoint."""
    return tuple(finding for check in checks for finding in check.judge(seen, context))


def is_settled(findings: Sequence[Finding]) -> bool:
    """Whether another look can't help: all is good, or only this machine's own limits leave something unknown."""
    if worst(map(grade, findings)).exit_code == 0:
        return True
    causes = [item for item in findings if item.outcome is not Outcome.PASS and not item.is_remark]
    causes = [item for item in causes if item.verdict != NOT_SEEN]
    return bool(causes) and all(item.verdict in LACKS for item in causes)


def lacking(findings: Sequence[Finding]) -> str:
    """The name of the worst check that is not good, or ""."""
    found = [item for item in findings if item.outcome is not Outcome.PASS and not item.is_remark]
    first = max(found, key=lambda item: (item.verdict != NOT_SEEN, grade(item).rank), default=None)
    return first.name if first else ""


class Patience(Struct, frozen=True):
    """`--wait TIME`: for how long what is not good yet is looked at again. `waiting` is called for each pause: (what is
    late, as its name and why, of how many, seconds until waiting ends)."""

    seconds: float
    waiting: Callable[[Sequence[tuple[str, str]], int, float], None] = lambda _late, _total, _left: None
    clock: Clock | None = None
    """None: the real one."""


def look_until_good(
    endpoints: Sequence[Endpoint],
    look: Callable[[Sequence[Endpoint]], Sequence[Observation]],
    is_settled: Callable[[Observation], bool],
    patience: Patience,
    stop: threading.Event,
    *,
    why: Callable[[Observation], str] = lambda _seen: "",
) -> tuple[Observation, ...]:
    """Look, and again at what is not settled, until all is or the time is over. Gives what was seen last of each.

    `why` says in a word or two what is missing where something is.
    """
    clock = patience.clock or WallClock(Stop(stop))
    until = clock.now() + patience.seconds
    latest = list(look(endpoints))
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        late = [index for index, seen in enumerate(latest) if not is_settled(seen)]
        left = until - clock.now()
        if not late or left <= 0 or stop.is_set():
            break
        named = [(latest[index].endpoint.shown, why(latest[index])) for index in late]
        patience.waiting(named, len(latest), left)
        with suppress(Interrupted):
            clock.sleep(min(pause, left))
        if stop.is_set():
            break
        for index, seen in zip(late, look([latest[index].endpoint for index in late]), strict=True):
            if not seen.incomplete:  # else it says less than the look before
                latest[index] = seen
    return tuple(latest)
