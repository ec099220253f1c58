"""From what each address shows to one judgement for each verdict, which says where it holds. Most checks share this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from edgegen.core.finding import Severity
from edgegen.core.show import first_few
from edgegen.endpoints import Aspect
from edgegen.verify.checks.check import Fault, Good, Judgement, Unseen
from edgegen.verify.observation import AddressSeen, Observation

_Said = list[tuple[str, Judgement]]


def by_address(
    seen: Observation, judge: Callable[[AddressSeen], Iterable[Judgement]], *, aspect: str = Aspect.HOST
) -> Iterator[Judgement]:
    """Judge every address; one fault for each verdict, a pass if there is none, and what was not seen."""
    if not seen.addresses:
        yield Unseen(no_address(seen))
        return
    said = [(address.address, item) for address in seen.addresses for item in judge(address)]
    total = len({address.address for address in seen.addresses})
    faults = [(address, item) for address, item in said if isinstance(item, Fault)]
    for verdict in dict.fromkeys(item.verdict for _, item in faults):
        yield _one_fault([(address, item) for address, item in faults if item.verdict == verdict], total)
    good: _Said = [(address, item) for address, item in said if isinstance(item, Good)]
    if good and not faults:
        yield Good(_told(good, total), aspect)
    unseen: _Said = [(address, item) for address, item in said if isinstance(item, Unseen)]
    if unseen:
        yield Unseen(_told(unseen, total))


def no_address(seen: Observation) -> str:
    """Why there is no address at all to look at."""
    return "the run was stopped" if seen.incomplete else "there is no address to look at"


def _one_fault(faults: list[tuple[str, Fault]], total: int) -> Fault:
    """The faults of one verdict as one, of the worst severity."""
    severities = [item.severity for _, item in faults if item.severity]
    worst = min(severities, key=list(Severity).index) if len(severities) == len(faults) else None
    return replace(faults[0][1], message=_told([*faults], total), severity=worst)


def _told(said: _Said, total: int) -> str:
    """Each sentence once, with its addresses where it does not hold for all."""
    where: dict[str, dict[str, None]] = {}
    for address, item in said:
        where.setdefault(item.why if isinstance(item, Unseen) else item.message, {})[address] = None
    return "; ".join(
        sentence if len(at) == total else f"{sentence} (at {first_few(at)}, {len(at)} of {total} addresses)"
        for sentence, at in where.items()
    )
