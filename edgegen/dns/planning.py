"""Planning one zone: find it, list it completely, and compare it with what is wanted."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from msgspec import Struct, structs

from edgegen.core.dns_names import dns_name, is_within
from edgegen.core.errors import Problem, SpecError
from edgegen.dns.beside import ONLY, is_flattened, unveils
from edgegen.dns.diff import diff
from edgegen.dns.jobs import Choices, PlannedZone, ZoneTask
from edgegen.dns.last_seen import BEGUN, Memory
from edgegen.dns.ledger import Ledger
from edgegen.dns.ledger_file import Ledgers
from edgegen.dns.normal import identity, normal
from edgegen.dns.plan import Action, Change, ZonePlan
from edgegen.dns.provider import ErrorKind, Listing, ProviderError, Zone
from edgegen.dns.servers import delegated, unserved
from edgegen.dns.sound import check
from edgegen.provider_names import AUTOMATIC_TTL, DEFAULT_TTL, Capabilities
from edgegen.records import Record, RecordType


class Notes(Struct, frozen=True):
    """What this folder's state knows about its zones."""

    seen: Memory
    ledgers: Ledgers
    locked: frozenset[str] = frozenset()
    """Zones that a sync from this folder locked before this run."""

    @property
    def warnings(self) -> list[str]:
        """What could not be saved or read."""
        return [*self.seen.warnings, *self.ledgers.warnings]


Planner = Callable[[ZoneTask, Listing, Choices, Ledger], ZonePlan]
"""Decides what to do with a listed zone: `plan`, or the re-marking of `owning`."""


def found(tasks: Sequence[ZoneTask], step: Callable[[str], None] = lambda _: None) -> list[tuple[ZoneTask, Zone]]:
    """Each task with its zone at the provider; tasks in the same zone are joined. Raises ProviderError, SpecError."""
    for task in tasks:
        wanted(task)  # an invalid record is found before the first request
    together: dict[tuple[int, str], tuple[ZoneTask, Zone]] = {}
    for task in tasks:
        step(f"looking for {task.zone}")
        zone = task.provider.find_zone(dns_name(task.zone), task.zone_id)
        place = (id(task.provider), zone.id)
        mine = task if dns_name(task.zone) == zone.name else replace(task, domains=(dns_name(task.zone),))
        before = together.get(place)
        together[place] = (mine if before is None else _joined(before[0], mine, zone), zone)
    return list(together.values())


def _joined(one: ZoneTask, other: ZoneTask, zone: Zone) -> ZoneTask:
    """Two tasks of one zone: separately, each would consider the other's records unwanted."""
    whole = not (one.domains and other.domains)
    return replace(
        one,
        zone=zone.name,
        records=(*one.records, *other.records),
        ignore=(*one.ignore, *other.ignore),
        domains=() if whole else (*one.domains, *other.domains),
    )


def look_at(
    at: tuple[ZoneTask, Zone],
    choices: Choices,
    notes: Notes,
    step: Callable[[str], None] = lambda _: None,
    planner: Planner | None = None,
) -> PlannedZone:
    """List and plan one zone; `step` is called before each request. Raises ProviderError, SpecError."""
    task, zone = at
    state = tuple(_state(zone, wanted(task)))
    # `plan` saves a count too, but only `sync` takes a lock.
    was_locked = not notes.locked.isdisjoint((task.zone, *task.domains))
    notes.ledgers.open(zone.id, has_synced=was_locked and notes.seen.seen(zone.id) != 0)
    step(f"reading {zone.name}")
    listing = list_whole(task, zone, choices, notes.seen)
    notes.ledgers.take_over(zone.id, listing)
    made = (planner or plan)(task, listing, choices, notes.ledgers.of(zone.id))
    remarks = listing.remarks if made.writes else ()
    return PlannedZone(task, zone, listing, made, (*state, *remarks, *_without_effect(task, zone, listing, made)))


def _state(zone: Zone, desired: Iterable[Record]) -> Iterator[str]:
    """What of the zone as a whole keeps visitors from what is written."""
    if not zone.is_active:
        yield _inactive(zone)
    if zone.seen_below:
        seen = f"they are only seen where a CNAME in its DNS leads to NAME.{zone.seen_below}"
        yield f"the DNS of {zone.name} is kept elsewhere (a partial setup), so its records here don't answer: {seen}"
    if zone.paused and any(record.proxied for record in desired):
        yield f"{zone.name} is paused at the provider: its proxy is off, so proxied records show the server's address"


def _inactive(zone: Zone) -> str:
    if zone.status in ("initializing", "pending", "moved"):
        waits = "its records don't answer until the domain's registrar names the provider's name servers"
        return f"{zone.name} is {zone.status} at the provider: {waits}"
    return f"{zone.name} is {zone.status} at the provider: its records may not answer"


def _without_effect(task: ZoneTask, zone: Zone, listing: Listing, made: ZonePlan) -> Iterator[str]:
    """Why nobody will see what is written, for all that the plan can tell."""
    desired = wanted(task)
    gone = {item.existing.id for item in made.of(Action.DELETE, Action.UPDATE) if item.existing is not None}
    after = (*desired, *(item.record for item in listing.records if item.id not in gone))
    yield from delegated(zone.name, desired, after)
    if task.capabilities.is_file:
        yield from unserved(zone.name, after)


def list_whole(task: ZoneTask, zone: Zone, choices: Choices, known: Memory) -> Listing:
    """The zone's records. An empty listing of a zone that had records is not accepted."""
    listing = task.provider.list_zone(zone)
    seen = known.seen(zone.id)
    if not len(listing) and seen == BEGUN:
        # An earlier run or request may have written: one empty listing is not enough.
        listing = task.provider.list_zone(zone)
    if not len(listing) and seen > 0 and not choices.accept_empty_zone:
        raise ProviderError(
            f"{zone.name}: incomplete listing: no records, but {seen} when it was last seen",
            ErrorKind.UNSURE,
            hint="if the zone really is empty now: `edgegen dns sync --accept-empty-zone`",
        )
    if len(listing) or seen != BEGUN:
        known.remember(zone.id, len(listing))
    return listing


def plan(task: ZoneTask, listing: Listing, choices: Choices, known: Ledger | None = None) -> ZonePlan:
    """What would be done to the zone as it is listed."""
    existing = [item for item in listing.records if not is_ignored(task, item.record.name)]
    made = diff(
        dns_name(task.zone), wanted(task), existing,
        owner=choices.owner, named=choices.named, known=known,
        adopt=choices.adopt, prune=choices.prune, allow_apex=choices.allow_apex,
    )  # fmt: skip
    return replace(made, changes=(*made.changes, *_beside_others(made, listing)))


def wanted(task: ZoneTask) -> list[Record]:
    """The wanted records in canonical spelling, each once. Raises SpecError for invalid content."""
    written = spelled(record for record in task.records if not is_ignored(task, record.name))
    return fitted(written, task.capabilities)


def fitted(records: list[Record], provider: Capabilities) -> list[Record]:
    """The records as the provider can store them: anything else would differ forever."""
    if not provider.proxy:
        records = [structs.replace(record, proxied=False) if record.proxied else record for record in records]
    if not provider.automatic_ttl:
        records = [structs.replace(item, ttl=DEFAULT_TTL) if item.ttl == AUTOMATIC_TTL else item for item in records]
    if not provider.ttl_per_set:
        return records
    smallest: dict[tuple[str, str], int] = {}
    for item in records:
        smallest[item.name, item.type] = min(item.ttl, smallest.get((item.name, item.type), item.ttl))
    return [structs.replace(item, ttl=smallest[item.name, item.type]) for item in records]


def spelled(written: Iterable[Record]) -> list[Record]:
    """Records in canonical spelling, each once. Raises SpecError, with every problem, for invalid content."""
    problems: list[Problem] = []
    records: dict[tuple[str, ...], Record] = {}
    for record in written:
        try:
            item = normal(record)
            check(item)
        except ValueError as error:
            problems.append(Problem(str(error), record.where, path=f"{record.type} {record.name}"))
        else:
            records.setdefault(identity(item), item)
    if problems:
        raise SpecError(problems)
    return list(records.values())


def is_ignored(task: ZoneTask, name: str) -> bool:
    """Whether a name does not concern this task: `ignore` covers it, or it is outside its domains."""
    plain = dns_name(name)
    if task.domains and not any(is_within(plain, domain) for domain in task.domains):
        return True
    return any(fnmatch.fnmatchcase(plain, pattern.lower().removesuffix(".")) for pattern in task.ignore)


def _beside_others(made: ZonePlan, listing: Listing) -> Iterator[Change]:
    """A CNAME at the name of a record whose type is not compared."""
    names = {other.name: other.type for other in listing.others}
    for change in made.of(Action.CREATE, Action.UPDATE):
        name = change.record.name
        if change.record.type is not RecordType.CNAME or name not in names:
            continue
        if change.existing is not None and not unveils(change.existing.record, change.record):
            continue
        if not is_flattened(name, made.zone, proxied=change.record.proxied):
            why = f"{names[name]} {name} exists, and {ONLY}: remove it, or put the name under `ignore`"
            yield Change(Action.CONFLICT, change.record, None, why)
