"""The input and the results of `plan` and `sync`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from edgegen.dns.plan import ZonePlan
from edgegen.dns.provider import Listing, Provider, Zone
from edgegen.provider_names import PROVIDERS, Capabilities
from edgegen.records import Record


@dataclass(frozen=True, slots=True)
class ZoneTask:
    """One zone: where it is kept and what it must contain."""

    provider: Provider
    zone: str
    records: tuple[Record, ...]
    ignore: tuple[str, ...] = ()
    """Globs of names that are ignored."""
    zone_id: str | None = None
    """The provider's id: saves a look-up, and distinguishes two zones of one name."""
    capabilities: Capabilities = PROVIDERS["cloudflare"].capabilities
    """What the provider can do."""
    domains: tuple[str, ...] = ()
    """The names below which it works, if the provider's zone contains more; empty for the whole zone."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user allows."""

    owner: str
    """The name in the marks that are written."""
    named: str | None = None
    """The project's name as an owner, if its marks contain (or contained) only that: see `marker.owner_of`. Another
    project may have the same name, so records with that mark are only changed if this folder knows them: see
    `ledger`."""
    adopt: frozenset[str] = frozenset()
    prune: bool = False
    allow_deletes: int | None = None
    allow_apex: bool = False
    """Delete owned NS and MX of the zone itself that are no longer wanted."""
    accept_empty_zone: bool = False
    """Accept an empty listing of a zone that had records."""
    keep_going: bool = False
    """If the provider refuses one record, write the others."""
    approved: str | None = None
    """The digest of a plan that a person has read: anything else is stale and refused."""


@dataclass(frozen=True, slots=True)
class PlannedZone:
    """One zone with its plan."""

    task: ZoneTask
    zone: Zone
    listing: Listing
    plan: ZonePlan
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a sync: `made` of `total` changes in all zones, and the next step."""

    made: int
    total: int
    doing: str


@dataclass(frozen=True, slots=True)
class SyncResult:
    """A successful sync. `planned` are the plans, `made` is the number of changes made."""

    planned: tuple[PlannedZone, ...]
    made: int = 0
    total: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Small files in the state folder, by their path in it: read and written whole, or opened as a lock.

    The caller provides safe implementations. All three raise EdgegenError.
    """

    read: Callable[[str], bytes | None] = field(default=lambda _: None)
    write: Callable[[str, bytes], None] = field(default=lambda _path, _content: None)
    open_lock: Callable[[str], int] | None = None
    """A descriptor of the file, which is created if it is missing. None: nothing is locked."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a sync needs of the machine. `lock_timeout` is in seconds."""

    lock_timeout: float = 0.0
    progress: Callable[[Progress], None] = field(default=lambda _: None)
    shelf: Shelf = field(default_factory=Shelf)
    """Where locks, ledgers and the last counts are kept. Without it nothing is locked, and nothing is known."""
