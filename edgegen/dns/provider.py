"""The interface of a DNS provider: a few calls, and how it reports errors.

Everything above this file is the same for every provider: planning, safety, order of writes, recovery.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol, runtime_checkable

from msgspec import Struct, field

from edgegen.core.errors import OutsideError, Problem
from edgegen.dns.plan import Existing
from edgegen.records import Record
from edgegen.system.clock import Clock

THROTTLED_WAIT = 300.0
"""Seconds, if a provider that says "too many" does not say for how long. Source: Cloudflare blocks for 5 minutes."""
LONGEST_WAIT = 310.0
"""The longest single wait for a provider, whatever it says."""


class Zone(Struct, frozen=True):
    """A zone as the provider knows it. `id` is the provider's own."""

    id: str
    name: str
    status: str = "active"
    quota: int | None = None
    """How many records the zone may have, if the provider says so."""
    account: str = ""
    """The id of the account at the provider that holds it, if the provider says so."""
    paused: bool = False
    """Its proxy is turned off for the whole zone: proxied records answer with the addresses behind them."""
    seen_below: str = ""
    """The domain below which its records answer, where the zone itself is kept by another provider; "" elsewhere."""

    @property
    def is_active(self) -> bool:
        """Whether the provider answers for it. An inactive zone may be written to, with a warning."""
        return self.status == "active"


class Other(Struct, frozen=True):
    """A record of a type that edgegen does not write: counted, never touched, in the way of a CNAME."""

    id: str
    type: str
    name: str


class Listing(Struct, frozen=True):
    """Every record of a zone. A provider that can't guarantee "every" raises instead."""

    records: tuple[Existing, ...]
    others: tuple[Other, ...] = ()
    remarks: tuple[str, ...] = ()
    """What a change of the zone would do besides: told before the first one."""

    def __len__(self) -> int:
        return len(self.records) + len(self.others)


class Post(Struct, frozen=True):
    """A new record, with its mark in the same request."""

    record: Record
    comment: str


class Patch(Struct, frozen=True):
    """The new state of an existing record. What is not named here (tags, settings) does not change."""

    id: str
    record: Record
    comment: str


class Batch(Struct, frozen=True):
    """Changes that happen together or not at all. A provider applies deletes, then patches, then posts."""

    deletes: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()
    posts: tuple[Post, ...] = ()

    def __len__(self) -> int:
        return len(self.deletes) + len(self.patches) + len(self.posts)


class Applied(Struct, frozen=True):
    """What the provider returns after a batch: proof, item by item."""

    deleted: tuple[str, ...] = ()
    patched: tuple[Existing, ...] = ()
    posted: tuple[Existing, ...] = ()


class ErrorKind(StrEnum):
    """What is known after a request that did not succeed."""

    UNSURE = "unsure"
    """No credible answer: it may have been applied or not. List again before anything else."""
    REFUSED = "refused"
    """The provider understood and refused: nothing was applied, and the same request would fail again."""
    DENIED = "denied"
    """The credential is not sufficient. Nothing was applied."""
    THROTTLED = "throttled"
    """Too many requests. Nothing was applied; `wait` says for how long."""
    ABSENT = "absent"
    """This credential has no such zone."""


class ProviderError(OutsideError):
    """A request to the provider failed. `code` holds the provider's own numbers; `wait` is in seconds."""

    def __init__(
        self,
        message: str,
        failure: ErrorKind,
        *,
        hint: str = "",
        codes: Sequence[int] = (),
        wait: float | None = None,
        path: str = "",
        passing: bool = False,
    ) -> None:
        super().__init__(Problem(message, path=path, hint=hint))
        self.failure = failure
        self.codes = tuple(codes)
        self.wait = wait
        self.passing = passing
        """Trying again may help, if the request changes nothing."""

    @property
    def pause(self) -> float:
        """Seconds to wait after THROTTLED."""
        return min(LONGEST_WAIT, THROTTLED_WAIT if self.wait is None else self.wait)


class Given(Struct, frozen=True):
    """What a provider is opened with; each uses what it needs."""

    environment: Mapping[str, str]
    read: Callable[[str], bytes | None]
    """A file of the project directory; None if there is none."""
    write: Callable[[str, bytes], None]
    clock: Clock | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    """The options that the spec has under the domain's `provider:`."""


@runtime_checkable
class Provider(Protocol):
    """A place where records are kept."""

    def find_zone(self, name: str, zone_id: str | None = None) -> Zone:
        """The zone that contains this name: the one with the longest matching suffix. Raises ProviderError(ABSENT),
        SpecError for two."""
        ...

    def list_zone(self, zone: Zone) -> Listing:
        """All records in canonical spelling. Raises ProviderError unless the listing is known to be complete."""
        ...

    def apply_batch(self, zone: Zone, batch: Batch) -> Applied:
        """Sends one batch, once. Raises ProviderError: its `failure` is all that is known."""
        ...

    def ssl_mode(self, zone: Zone) -> str | None:
        """`off`, `flexible`, `full`, `strict`; None if the provider has no proxy or does not say."""
        ...
