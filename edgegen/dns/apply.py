"""Applies the plan of one zone.

After a request without a credible answer the zone is listed and planned again; a request is never repeated. A listing
may lag behind the writes: what the provider has confirmed stays counted, and is not sent again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from edgegen.core.errors import OutsideError
from edgegen.dns.batches import Unit, batch, chunks, units
from edgegen.dns.confirmed import Confirmed, Key, check_proof, could_be_twins, done_already, key
from edgegen.dns.jobs import Choices, PlannedZone
from edgegen.dns.last_seen import BEGUN
from edgegen.dns.ledger import Ledger
from edgegen.dns.meanwhile import judge, late_twins, without_new_twins
from edgegen.dns.normal import identity
from edgegen.dns.plan import Action, Change, Existing, ZonePlan
from edgegen.dns.planning import Notes, Planner, list_whole, plan
from edgegen.dns.provider import Applied, Batch, ErrorKind, Listing, ProviderError
from edgegen.dns.sync_progress import Tally
from edgegen.system.clock import Clock

ROUNDS = 3
"""Rounds in a row that may bring no progress."""
DENIED_WAIT = 5.0
DENIED_RETRIES = 2
LAG_PAUSES = (1.0, 2.0, 4.0)
"""Seconds before each further listing while one does not show what was confirmed; each is used once in a run."""


class ZoneRun:
    """One zone, from its plan to the listing that proves it."""

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
        self._known_ids = _ids(planned.listing)
        self._made_here: set[str] = set()
        self._confirmed = Confirmed()
        self._pauses = iter(LAG_PAUSES)
        self._lagging: list[Change] = []
        self._doubtful: set[Key] = set()
        self._idle = 0
        self._denied = 0
        self._refusal: ProviderError | None = None
        self._bad: dict[Unit, ProviderError] = {}
        self._warnings: list[str] = []

    def bring_about(self) -> list[str]:
        """Write until nothing is left to write. Returns warnings; raises what `sync` raises."""
        todo = self._units(self._first)
        self._note_met(self._first)
        while todo:
            trouble = self._round(todo)
            if self._bad and not self._choices.keep_going:
                self._settle()
                break
            todo = self._look_again(trouble, len(todo))
        if self._bad:
            unit, error = next(iter(self._bad.items()))
            raise self._named(unit, error)
        if self._lagging:
            what = f"the provider confirmed changes that it does not list yet ({len(self._lagging)})"
            raise self._tally.failed(f"{self._zone.name}: {what}")
        self._note(self._ledger.settled(self._listing, self._ledger_before))
        return self._warnings

    @property
    def _limit(self) -> int:
        return self._task.capabilities.batch_limit

    @property
    def _ledger(self) -> Ledger:
        return self._notes.ledgers.of(self._zone.id)

    def _note(self, ledger: Ledger) -> None:
        self._notes.ledgers.keep(self._zone.id, ledger)

    def _note_met(self, found: ZonePlan) -> None:
        """From here on this folder knows the records that are already correct, even if their mark is missing."""
        right = found.of(Action.KEEP, Action.ADOPT)
        self._note(self._ledger.with_met(change.existing for change in right if change.existing is not None))

    def _units(self, todo: ZonePlan) -> list[Unit]:
        """What can still be sent: without what the provider refused or has confirmed."""
        names = {unit.name for unit in self._bad}
        closed = {key(change) for change in self._lagging}
        return [
            unit
            for unit in units(todo)
            if unit.name not in names and not any(key(change) in closed for change in unit.changes)
        ]

    def _round(self, todo: Sequence[Unit]) -> ProviderError | None:
        """Send the units in batches, in order, until one of them fails."""
        refusal, self._refusal = self._refusal, None
        for group in chunks(todo, self._limit):
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
        self._may_empty(request)
        self._note(self._ledger.about_to_write(request))
        # Even a clear refusal is only accepted if the next listing confirms it.
        unsure_before, self._tally.unsure, self._tally.sent = self._tally.unsure, True, True
        changes = [change for unit in group for change in unit.changes]
        try:
            applied = self._task.provider.apply_batch(self._zone, request)
            check_proof(request, applied, self._known_ids)
        except ProviderError as error:
            if error.failure is ErrorKind.UNSURE:
                self._doubtful |= {key(change) for change in changes}
            raise
        self._tally.unsure = unsure_before
        self._confirmed.add(changes)
        self._tally.made += len(request)
        self._present += len(request.posts) - len(request.deletes)
        self._made_here |= {item.id for item in applied.posted}
        self._note(self._ledger.with_written((*applied.posted, *applied.patched)))
        self._check_marks(request, applied)

    def _may_empty(self, request: Batch) -> None:
        """From here on an empty listing may be correct or not."""
        if self._present <= len(request.deletes):
            self._notes.seen.remember(self._zone.id, BEGUN)

    def _check_marks(self, request: Batch, applied: Applied) -> None:
        """A record whose mark was dropped would be foreign next time: remove it and stop."""
        pairs = zip(applied.posted, request.posts, strict=True)
        lost = [item for item, post in pairs if item.comment != post.comment]
        patched = zip(applied.patched, request.patches, strict=True)
        if not lost and all(item.comment == patch.comment for item, patch in patched):
            return
        gone = self._take_back(lost) if lost else set()
        self._tally.made -= len(gone)
        what = f"{self._zone.name} does not keep comments, and edgegen can't manage records safely without its mark"
        if self._tally.made:
            raise self._tally.failed(what)
        raise OutsideError(f"{what}; {len(gone)} records were created without it and removed again")

    def _take_back(self, lost: Sequence[Existing]) -> set[Key]:
        """Delete records that this run has just created, if a listing shows them; returns those that are gone."""
        self._tally.step(f"removing {len(lost)} records again")
        before = {item.id: item for item in self._list().records}
        mine = [item for item in lost if item.id in before and _same(before[item.id], item)]
        if mine:
            request = Batch(deletes=tuple(item.id for item in mine))
            self._may_empty(request)
            self._task.provider.apply_batch(self._zone, request)
        left = _ids(self._list())
        return {identity(item.record) for item in mine if item.id not in left}

    def _narrow(self, group: Sequence[Unit], error: ProviderError) -> None:
        """Find the unit because of which a group is refused, by bisection; halves without it are written on the way.

        One that is left although no half was refused may be innocent: it is sent separately.
        """
        rest = list(group)
        certain = len(rest) == 1
        while len(rest) > 1:
            half = rest[: len(rest) // 2]
            try:
                self._send(half)
                rest = rest[len(half) :]
            except ProviderError as trouble:
                if trouble.failure is not ErrorKind.REFUSED:
                    raise
                error, rest, certain = trouble, half, True
        if certain:
            self._bad[rest[0]] = error

    def _settle(self) -> None:
        """Before a refusal ends the run: count what the listing shows. Without one, the last request stays in doubt."""
        with contextlib.suppress(ProviderError):
            todo = self._seen(None, 0)
            self._tally.unsure = False
            self._tally.made = self._made_before + self._confirmed.count(self._first, todo)

    def _named(self, unit: Unit, error: ProviderError) -> ProviderError:
        what = ", ".join(f"{change.action} {change.record.type} {unit.name}" for change in unit.changes)
        return ProviderError(f"{what}: {error.problems[0].message}", error.failure, codes=error.codes)

    def _look_again(self, trouble: ProviderError | None, before: int) -> list[Unit]:
        """Wait as the error requires, list, plan again, and decide whether to continue."""
        goes_on = trouble is None or self._wait(trouble)
        todo = self._seen(trouble, before)
        if trouble is not None:
            self._believe_refusal(trouble, todo)
        self._tally.unsure = False
        self._tally.made = self._made_before + self._confirmed.count(self._first, todo)
        judge(self._first, todo, self._tally)
        left = self._units(todo)
        if trouble is not None and left and not goes_on:
            raise trouble
        changes = [change for unit in left for change in unit.changes]
        if trouble is not None and could_be_twins(changes, self._doubtful, self._limit):
            self._tally.unsure = True
            raise trouble
        if not left:
            self._note_met(todo)
            return left
        if trouble is None and not self._bad:
            self._warn_of_race(left)
        self._count_round(trouble, progress=len(left) < before, left=left)
        return left

    def _seen(self, trouble: ProviderError | None, before: int) -> ZonePlan:
        """The plan of a new listing; of a later one if the listing seems to lag behind the writes."""
        while True:
            self._tally.step(f"reading {self._zone.name} again")
            self._listing = self._without_twins(self._list())
            todo = without_new_twins(self._first, self._planner(self._task, self._listing, self._choices, self._ledger))
            self._present = len(self._listing)
            self._lagging = self._confirmed.lagging(todo)
            if not self._lagging and not self._may_lag(trouble, todo, before):
                return todo
            pause = next(self._pauses, None)
            if pause is None:
                return todo
            self._clock.sleep(pause)

    def _believe_refusal(self, trouble: ProviderError, todo: ZonePlan) -> None:
        """A request without an answer was applied completely or not at all: "exists already" proves that it was
        applied."""
        open_still = [change for change in todo.writes if key(change) in self._doubtful]
        if done_already(trouble, open_still):
            self._confirmed.add(open_still)
            self._lagging = self._confirmed.lagging(todo)

    def _may_lag(self, trouble: ProviderError | None, todo: ZonePlan, before: int) -> bool:
        """Whether a request without a credible answer may have created records that still look missing."""
        if trouble is None or len(self._units(todo)) < before:
            return False
        if trouble.failure is ErrorKind.REFUSED:
            return bool(self._doubtful)
        return trouble.failure is ErrorKind.UNSURE and could_be_twins(todo.writes, self._doubtful, self._limit)

    def _list(self) -> Listing:
        listing = list_whole(self._task, self._zone, self._choices, self._notes.seen)
        self._known_ids |= _ids(listing)
        return listing

    def _without_twins(self, listing: Listing) -> Listing:
        twins = late_twins(listing, self._choices.owner, self._made_here, self._limit)
        if not twins:
            return listing
        self._tally.step(f"removing {len(twins)} duplicates")
        self._task.provider.apply_batch(self._zone, Batch(deletes=twins))
        return self._list()

    def _count_round(self, trouble: ProviderError | None, *, progress: bool, left: Sequence[Unit]) -> None:
        self._idle = 0 if progress else self._idle + 1
        if self._idle >= ROUNDS:
            raise trouble or self._unstable(left)
        if trouble is not None and trouble.failure is ErrorKind.REFUSED and not progress:
            # Nothing else has changed the zone: one of the records itself is refused.
            self._refusal = trouble

    def _wait(self, trouble: ProviderError) -> bool:
        """Sleeps as the error requires. False if waiting does not help."""
        if trouble.failure is ErrorKind.THROTTLED:
            self._clock.sleep(trouble.pause)
        elif trouble.failure is ErrorKind.UNSURE:
            self._clock.sleep(float(2**self._idle))
        elif trouble.failure is ErrorKind.DENIED and self._tally.made > self._made_before:
            # New zones deny some writes at random; a zone that never accepted one lacks the permission.
            self._denied += 1
            if self._denied > DENIED_RETRIES:
                return False
            self._clock.sleep(DENIED_WAIT)
        else:
            return trouble.failure is ErrorKind.REFUSED
        return True

    def _warn_of_race(self, left: Sequence[Unit]) -> None:
        names = ", ".join(sorted({unit.name for unit in left})[:5])
        self._warnings.append(f"{self._zone.name}: changed by someone else during the run ({names}): written again")

    def _unstable(self, left: Sequence[Unit]) -> Exception:
        change = left[0].changes[0]
        return self._tally.failed(
            f"{self._zone.name}: {change.record.type} {change.record.name} still differs after it was written"
        )


def _ids(listing: Listing) -> set[str]:
    return {item.id for item in listing.records} | {item.id for item in listing.others}


def _same(found: Existing, made: Existing) -> bool:
    return (identity(found.record), found.comment) == (identity(made.record), made.comment)
