"""Bringing one zone to its plan.

After any request without a believable answer the zone is listed and planned again; a request is never repeated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from edgegen.core.errors import OutsideError, RefusedError
from edgegen.dns.batches import Unit, batch, chunks, units
from edgegen.dns.ledger import Ledger
from edgegen.dns.marker import marker
from edgegen.dns.memory import BEGUN
from edgegen.dns.normal import identity
from edgegen.dns.plan import Action, Change, Existing, ZonePlan
from edgegen.dns.planning import Notes, Planner, list_whole, plan
from edgegen.dns.provider import BATCH_LIMIT, Applied, Batch, Clock, Failure, Listing, ProviderError
from edgegen.dns.safety import refuse_unsafe
from edgegen.dns.tally import Tally
from edgegen.dns.tasks import Choices, PlannedZone

ROUNDS = 3
"""So many rounds in a row may bring nothing forward."""
THROTTLED_WAIT = 300.0
"""Seconds, where a provider that says "too many" does not say for how long. Source: Cloudflare blocks for 5 minutes."""
LONGEST_WAIT = 310.0
DENIED_WAIT = 5.0
DENIED_RETRIES = 2


class ZoneRun:
    """One zone, from its plan to the list that proves it."""

    def __init__(
        self,
        planned: PlannedZone,
        choices: Choices,
        clock: Clock,
        tally: Tally,
        notes: Notes,
        *,
        planner: Planner | None = None,
    ) -> None:
        self._planner = planner or plan
        self._task = planned.task
        self._zone = planned.zone
        self._first = planned.plan
        self._choices = choices
        self._clock = clock
        self._tally = tally
        self._notes = notes
        self._ledger_before = notes.ledgers.of(planned.zone.id)
        self._made_before = tally.made
        self._listing = planned.listing
        self._present = len(planned.listing)
        self._made_here: set[str] = set()
        self._idle = 0
        self._denied = 0
        self._refusal: ProviderError | None = None
        self._bad: dict[Unit, ProviderError] = {}
        self._warnings: list[str] = []

    def bring_about(self) -> list[str]:
        """Write until nothing is left to write. Gives warnings; raises what `sync` raises."""
        todo = self._units(self._first)
        self._note_met(self._first)
        while todo:
            trouble = self._round(todo)
            if self._bad and not self._choices.keep_going:
                break
            todo = self._look_again(trouble, len(todo))
        if self._bad:
            unit, error = next(iter(self._bad.items()))
            raise self._named(unit, error)
        self._note(self._ledger.settled(self._listing, self._ledger_before))
        return self._warnings

    @property
    def _ledger(self) -> Ledger:
        return self._notes.ledgers.of(self._zone.id)

    def _note(self, ledger: Ledger) -> None:
        self._notes.ledgers.keep(self._zone.id, ledger)

    def _note_met(self, found: ZonePlan) -> None:
        """Records that are as they should be are this folder's from here on."""
        self._note(self._ledger.with_met(c.existing for c in found.of(Action.KEEP) if c.existing is not None))

    def _units(self, todo: ZonePlan) -> list[Unit]:
        """What can still be sent: records that the provider refused by themselves are not."""
        names = {unit.name for unit in self._bad}
        return [unit for unit in units(todo) if unit.name not in names]

    def _round(self, todo: Sequence[Unit]) -> ProviderError | None:
        """Send the units in batches, in order, until one of them fails."""
        refusal, self._refusal = self._refusal, None
        for group in chunks(todo):
            try:
                if refusal is not None:
                    self._narrow(group, refusal)
                    return None
                self._send(group)
            except ProviderError as error:
                return error
        return None

    def _send(self, group: Sequence[Unit]) -> None:
        request = batch(group, self._choices.owner)
        self._tally.step(f"writing {len(request)} changes to {self._zone.name}")
        if self._present <= len(request.deletes):
            # From here on an empty list may be the truth, or not.
            self._notes.seen.remember(self._zone.id, BEGUN)
        self._note(self._ledger.about_to_write(request))
        self._tally.unsure = True
        try:
            applied = self._task.provider.apply_batch(self._zone, request)
        except ProviderError as error:
            self._tally.unsure = error.failure is Failure.UNSURE
            raise
        self._tally.unsure = False
        self._tally.made += len(request)
        self._present += len(request.posts) - len(request.deletes)
        self._made_here |= {item.id for item in applied.posted}
        self._note(self._ledger.with_written((*applied.posted, *applied.patched)))
        self._check_marks(request, applied)

    def _check_marks(self, request: Batch, applied: Applied) -> None:
        """A record whose mark was dropped would be a stranger next time: take it back and stop."""
        lost = [item for item, post in zip(applied.posted, request.posts, strict=True) if item.comment != post.comment]
        if lost:
            self._tally.step(f"taking back {len(lost)} records")
            self._task.provider.apply_batch(self._zone, Batch(deletes=tuple(item.id for item in lost)))
            self._tally.made -= len(lost)
        patched = zip(applied.patched, request.patches, strict=True)
        if lost or any(item.comment != patch.comment for item, patch in patched):
            what = f"{self._zone.name} does not keep comments; without its mark no record would be safe with edgegen"
            raise self._tally.failed(what) if self._tally.made else OutsideError(f"{what}; nothing was changed")

    def _narrow(self, group: Sequence[Unit], error: ProviderError) -> None:
        """Find the unit for which a group is refused, by halves; halves without it are written on the way.

        One that is left over though no half was refused may be innocent: it gets its own chance.
        """
        rest = list(group)
        certain = len(rest) == 1
        while len(rest) > 1:
            half = rest[: len(rest) // 2]
            try:
                self._send(half)
                rest = rest[len(half) :]
            except ProviderError as trouble:
                if trouble.failure is not Failure.REFUSED:
                    raise
                error, rest, certain = trouble, half, True
        if certain:
            self._bad[rest[0]] = error

    def _named(self, unit: Unit, error: ProviderError) -> ProviderError:
        what = ", ".join(f"{change.action} {change.record.type} {unit.name}" for change in unit.changes)
        return ProviderError(f"{what}: {error.problems[0].message}", error.failure, codes=error.codes)

    def _look_again(self, trouble: ProviderError | None, before: int) -> list[Unit]:
        """Wait as the trouble asks, list, plan again, and judge whether that may go on."""
        if trouble is not None:
            self._wait(trouble)
        self._tally.step(f"reading {self._zone.name} again")
        listing = list_whole(self._task, self._zone, self._choices, self._notes.seen)
        if twins := self._twins(listing):
            self._tally.step(f"taking back {len(twins)} twins")
            self._task.provider.apply_batch(self._zone, Batch(deletes=twins))
            listing = list_whole(self._task, self._zone, self._choices, self._notes.seen)
        self._listing = listing
        todo = self._planner(self._task, listing, self._choices, self._ledger)
        self._present = len(listing)
        self._tally.unsure = False
        self._tally.made = self._made_before + _made(self._first, todo)
        self._judge(todo)
        left = self._units(todo)
        if not left:
            self._note_met(todo)
            return left
        if trouble is None and not self._bad:
            self._warn_of_race(left)
        self._count_round(trouble, progress=len(left) < before, left=left)
        return left

    def _twins(self, listing: Listing) -> tuple[str, ...]:
        """Records made by this run that another run had made a moment before: some types may stand twice.

        The earliest stays, so that of two runs that see both exactly one takes its own back.
        """
        ours: dict[tuple[str, ...], list[Existing]] = defaultdict(list)
        for item in listing.records:
            record = item.record
            if item.comment == marker(self._choices.owner, record.type.value, record.name):
                ours[identity(record)].append(item)
        late = [item for items in ours.values() for item in sorted(items, key=_age)[1:]]
        return tuple(item.id for item in late if item.id in self._made_here)[:BATCH_LIMIT]

    def _count_round(self, trouble: ProviderError | None, *, progress: bool, left: Sequence[Unit]) -> None:
        self._idle = 0 if progress else self._idle + 1
        if self._idle >= ROUNDS:
            raise trouble or self._unstable(left)
        if trouble is not None and trouble.failure is Failure.REFUSED and not progress:
            # Nobody has come in between: one of the records itself is refused.
            self._refusal = trouble

    def _wait(self, trouble: ProviderError) -> None:
        """Sleeps as the trouble asks; raises it where waiting is no use."""
        if trouble.failure is Failure.THROTTLED:
            self._clock.sleep(min(LONGEST_WAIT, trouble.wait if trouble.wait is not None else THROTTLED_WAIT))
        elif trouble.failure is Failure.UNSURE:
            self._clock.sleep(float(2**self._idle))
        elif trouble.failure is Failure.DENIED and self._tally.made > self._made_before:
            # Fresh zones deny some writes at random; one that never worked is a matter of permission.
            self._denied += 1
            if self._denied > DENIED_RETRIES:
                raise trouble
            self._clock.sleep(DENIED_WAIT)
        elif trouble.failure is not Failure.REFUSED:
            raise trouble

    def _judge(self, todo: ZonePlan) -> None:
        """A new plan may do less than the first, never more: nobody has read or allowed it."""
        allowed = {change.existing.id for change in self._first.writes if change.existing is not None}
        for change in todo.writes:
            if change.existing is not None and change.existing.id not in allowed and _needs_leave(change, todo):
                raise self._tally.failed(
                    f"{self._zone.name} was changed by somebody else meanwhile ({change.action} {change.record.name})"
                )
        try:
            refuse_unsafe([ZonePlan(todo.zone, todo.owner, tuple(todo.of(Action.CONFLICT)))])
        except RefusedError as error:
            if self._tally.made:
                raise self._tally.failed(error.problems[0].message) from error
            raise

    def _warn_of_race(self, left: Sequence[Unit]) -> None:
        names = ", ".join(sorted({unit.name for unit in left})[:5])
        self._warnings.append(f"{self._zone.name}: changed by somebody else during the run ({names}): written again")

    def _unstable(self, left: Sequence[Unit]) -> Exception:
        change = left[0].changes[0]
        return self._tally.failed(
            f"{self._zone.name}: {change.record.type} {change.record.name} still differs after it was written"
        )


def _age(item: Existing) -> tuple[str, str]:
    return item.created, item.id


def _made(first: ZonePlan, todo: ZonePlan) -> int:
    """How many changes of the first plan are no longer to be made, nor in the way of anybody."""
    open_still = {_key(change) for change in (*todo.writes, *todo.of(Action.CONFLICT))}
    return sum(_key(change) not in open_still for change in first.writes)


def _key(change: Change) -> tuple[str, ...]:
    if change.action is Action.DELETE and change.existing is not None:
        return ("delete", change.existing.id)
    return ("make", *identity(change.record))


def _needs_leave(change: Change, todo: ZonePlan) -> bool:
    """Deletions, and records that do not bear our mark, need the user's leave."""
    if change.action is Action.DELETE or change.existing is None:
        return True
    return change.existing.comment != marker(todo.owner, change.existing.record.type.value, change.existing.record.name)
