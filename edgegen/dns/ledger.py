"""Which records of a zone this folder knows as its own, for a project that owns its records by its name only. Pure.

Two projects may have the same name, and then their marks are equal. So a mark is not enough there: a record is only
changed or deleted if this folder wrote it, or found it exactly as the spec wants it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from edgegen.dns.normal import identity
from edgegen.dns.plan import Existing
from edgegen.dns.provider import Batch, Listing
from edgegen.records import Record


class Ledger(Struct, frozen=True):
    """`wrote`: ids of records that this folder wrote, whatever their content is now.

    `met`: fingerprints of records that it found correct, or was about to write. One with different content was changed
    by someone else, and is not known.
    """

    wrote: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()

    def knows(self, item: Existing) -> bool:
        """Whether this folder may change or delete the record, if its mark is right."""
        return item.id in self.wrote or fingerprint(item.record) in self.met

    def with_met(self, items: Iterable[Existing]) -> Ledger:
        """These were found correct."""
        return replace(self, met=self.met | {fingerprint(item.record) for item in items})

    def with_written(self, items: Iterable[Existing]) -> Ledger:
        """The provider confirmed that it wrote these for us."""
        return replace(self, wrote=self.wrote | {item.id for item in items})

    def about_to_write(self, request: Batch) -> Ledger:
        """A run that is killed between the request and its answer can find its own records again."""
        records = [*(post.record for post in request.posts), *(patch.record for patch in request.patches)]
        return Ledger(self.wrote | {patch.id for patch in request.patches}, self.met | set(map(fingerprint, records)))

    def settled(self, listing: Listing, before: Ledger) -> Ledger:
        """Without records that no longer exist. What was added since `before` stays: a listing may lag behind the
        writes."""
        ids = {item.id for item in listing.records}
        prints = {fingerprint(item.record) for item in listing.records}
        return Ledger(self.wrote & (ids | (self.wrote - before.wrote)), self.met & (prints | (self.met - before.met)))


def fingerprint(record: Record) -> str:
    """A short hash of a record's type, name, content and priority. The record is in canonical spelling."""
    text = "\0".join(identity(record))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]
