"""What the provider has confirmed in this run: it counts until the end, even if a listing lags behind. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from edgegen.dns.normal import identity
from edgegen.dns.plan import Action, Change, Existing, ZonePlan
from edgegen.dns.provider import Applied, Batch, ErrorKind, ProviderError
from edgegen.records import RecordType

Key = tuple[str, ...]
_DONE_ALREADY = {Action.CREATE: frozenset({81057, 81058}), Action.DELETE: frozenset({81044})}
"""Source: Cloudflare's API errors: the record exists already; an identical one exists already; it does not exist."""
_MAY_STAND_TWICE = (RecordType.SRV,)
"""Source: terraform-provider-cloudflare#750. The provider refuses a duplicate of all other types."""


class Confirmed:
    """Changes that the provider has confirmed, and what was there before."""

    def __init__(self) -> None:
        self._was: dict[Key, Existing | None] = {}

    def add(self, changes: Iterable[Change]) -> None:
        """These were confirmed."""
        self._was.update({key(change): change.existing for change in changes})

    def count(self, first: ZonePlan, todo: ZonePlan) -> int:
        """How many changes were made: the confirmed ones, and those of the first plan that are no longer open."""
        open_still = {key(change) for change in (*todo.writes, *todo.of(Action.CONFLICT))}
        return len(self._was.keys() | ({key(change) for change in first.writes} - open_still))

    def lagging(self, todo: ZonePlan) -> list[Change]:
        """Confirmed changes for which the listing still shows the state before them."""
        return [change for change in todo.writes if self._lags(change)]

    def _lags(self, change: Change) -> bool:
        if key(change) not in self._was:
            return False
        was, found = self._was[key(change)], change.existing
        if found is None or was is None:
            return found is was
        # Content other than before means that someone else changed it after us: that is not a lag.
        return (was.id, was.record, was.comment) == (found.id, found.record, found.comment)


def key(change: Change) -> Key:
    """What identifies a change of a zone across plans."""
    if change.action is Action.DELETE and change.existing is not None:
        return ("delete", change.existing.id)
    return ("make", *identity(change.record))


def check_proof(request: Batch, applied: Applied, known_ids: frozenset[str] | set[str]) -> None:
    """Raise ProviderError unless the answer covers the records that were sent, and the new ones are new.

    An answer that names a record from an earlier listing would make that one ours, and one day it would be deleted.
    """
    sent = [identity(patch.record) for patch in request.patches] + [identity(post.record) for post in request.posts]
    told = [identity(item.record) for item in (*applied.patched, *applied.posted)]
    new = {item.id for item in applied.posted}
    if (
        sent != told
        or len(new) != len(request.posts)
        or new & known_ids
        or len(applied.deleted) != len(request.deletes)
    ):
        raise ProviderError("the provider confirms something else than was sent", ErrorKind.UNSURE)


def done_already(error: ProviderError, changes: Iterable[Change]) -> bool:
    """Whether the provider refused changes because it had already applied them."""
    codes = frozenset(error.codes)
    return error.failure is ErrorKind.REFUSED and any(codes & _DONE_ALREADY.get(c.action, frozenset()) for c in changes)


def could_be_twins(writes: Sequence[Change], doubtful: Set[Key], limit: int) -> bool:
    """Whether sending these again could duplicate a record, if a request without an answer already created them.

    `limit`: changes in one request.

    A record in the same request that can't be duplicated makes the provider refuse the whole request.
    """
    again = [change for change in writes if change.action is Action.CREATE and key(change) in doubtful]
    risky = [change for change in again if change.record.type in _MAY_STAND_TWICE]
    return bool(risky) and (len(risky) == len(again) or len(writes) > limit)
