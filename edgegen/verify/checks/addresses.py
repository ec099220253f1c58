"""From what each address shows to one finding for each verdict, which says where it holds. Most checks share this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from edgegen.core.finding import Finding, Severity
from edgegen.endpoints import Aspect
from edgegen.verify.checks.check import Check
from edgegen.verify.observation import AddressSeen, Observation

MOST_LISTED = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """A verdict of the check's list for one address. `severity` None: the verdict's own."""

    word: str
    message: str
    hint: str = ""
    severity: Severity | None = None
    aspect: str = Aspect.HOST


@dataclass(frozen=True, slots=True)
class Good:
    """One address is as it should be; `message` says what was seen."""

    message: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """What the check needs was not reached on one address."""

    why: str


Judgement = Fault | Good | Unseen
_Said = list[tuple[str, Judgement]]


def by_address(
    check: Check, seen: Observation, judge: Callable[[AddressSeen], Iterable[Judgement]], *, aspect: str = Aspect.HOST
) -> Iterator[Finding]:
    """Judge every address; one finding for each verdict, a pass where there is no fault, and what was not seen."""
    if not seen.addresses:
        yield check.not_seen(seen, no_address(seen))
        return
    said = [(address.address, item) for address in seen.addresses for item in judge(address)]
    total = len({address.address for address in seen.addresses})
    faults = [(address, item) for address, item in said if isinstance(item, Fault)]
    for word in dict.fromkeys(item.word for _, item in faults):
        yield _failed(check, seen, [(address, item) for address, item in faults if item.word == word], total)
    good: _Said = [(address, item) for address, item in said if isinstance(item, Good)]
    if good and not faults:
        yield check.passed(seen, _told(good, total), aspect=aspect)
    unseen: _Said = [(address, item) for address, item in said if isinstance(item, Unseen)]
    if unseen:
        yield check.not_seen(seen, _told(unseen, total))


def no_address(seen: Observation) -> str:
    """Why there is no address at all to look at."""
    return "the run was stopped" if seen.incomplete else "there is no address to look at"


def listed(items: Iterable[str], most: int = MOST_LISTED) -> str:
    """`a, b, c and 3 more`."""
    found = list(items)
    return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")


def _failed(check: Check, seen: Observation, faults: list[tuple[str, Fault]], total: int) -> Finding:
    first = faults[0][1]
    order = list(Severity)
    severities = [item.severity for _, item in faults if item.severity]
    worst = min(severities, key=order.index) if len(severities) == len(faults) else None
    said: _Said = [*faults]
    return check.finding(
        seen, first.word, _told(said, total), hint=first.hint, aspect=first.aspect, severity=worst
    )  # fmt: skip


def _told(said: _Said, total: int) -> str:
    """Each sentence once, with its addresses where it does not hold for all."""
    where: dict[str, list[str]] = {}
    for address, item in said:
        where.setdefault(item.why if isinstance(item, Unseen) else item.message, []).append(address)
    return "; ".join(
        sentence if len(at := list(dict.fromkeys(addresses))) == total else f"{sentence} (at {_part(at, total)})"
        for sentence, addresses in where.items()
    )


def _part(addresses: list[str], total: int) -> str:
    return f"{listed(addresses)}, {len(addresses)} of {total} addresses"
