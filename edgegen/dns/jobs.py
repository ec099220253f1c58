"""What `plan` and `sync` are asked for, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from edgegen.dns.plan import ZonePlan
from edgegen.dns.provider import Listing, Provider, Zone
from edgegen.provider_names import PROVIDERS, Capabilities
from edgegen.records import Record


@dataclass(frozen=True, slots=True)
class ZoneTask:
    """One zone: where it lives and what it must hold."""

    provider: Provider
    zone: str
    records: tuple[Record, ...]
    ignore: tuple[str, ...] = ()
    """Globs of names that are never looked at."""
    zone_id: str | None = None
    """The provider's id: saves a look-up, and tells two zones of one name apart."""
    capabilities: Capabilities = PROVIDERS["cloudflare"].capabilities
    """What the provider can."""
    domains: tuple[str, ...] = ()
    """The names below which it looks, where the provider's zone holds more than them; empty for the whole zone."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user allows."""

    owner: str
    """The name in the marks that are written."""
    named: str | None = None
    """The project's name as an owner, where that is (or was) all that its marks hold: see `marker.owner_of`. Another
    project may have the same, so records with that mark are changed only if this folder knows them: see `ledger`."""
    adopt: frozenset[str] = frozenset()
    prune: bool = False
    allow_deletes: int | None = None
    allow_apex: bool = False
    """Delete owned NS and MX of the zone itself that are no longer wanted."""
    accept_empty_zone: bool = False
    """Believe a provider that lists nothing where there were records before."""
    keep_going: bool = False
    """When one record is refused by the provider, write the others."""
    approved: str | None = None
    """The digest of a plan that was read by a person: anything else is stale, and refused."""


@dataclass(frozen=True, slots=True)
class PlannedZone:
    """One zone, looked at."""

    task: ZoneTask
    zone: Zone
    listing: Listing
    plan: ZonePlan
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync is: `made` of `total` changes over all zones, and what it is about to do."""

    made: int
    total: int
    doing: str


@dataclass(frozen=True, slots=True)
class SyncResult:
    """A sync that ended well. `planned` is what was to be done, `made` how many changes were."""

    planned: tuple[PlannedZone, ...]
    made: int = 0
    total: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Small files of the state folder, by a path within it: read and written whole, or opened as a lock.

    How that is done safely is the business of whoever gives it. All three raise EdgegenError.
    """

    read: Callable[[str], bytes | None] = field(default=lambda _: None)
    write: Callable[[str, bytes], None] = field(default=lambda _path, _content: None)
    open_lock: Callable[[str], int] | None = None
    """A descriptor of the file, made where it is missing. Without it nothing is locked."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a sync needs of the machine. `lock_timeout` is in seconds."""

    lock_timeout: float = 0.0
    progress: Callable[[Progress], None] = field(default=lambda _: None)
    shelf: Shelf = field(default_factory=Shelf)
    """Where locks, ledgers and what was seen last are kept. Without it nothing is locked, and nothing is known."""
