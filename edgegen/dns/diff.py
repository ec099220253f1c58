"""Desired minus existing, for one zone. Pure.

A record is ours by its mark. What is not ours is never changed, and is in the way if DNS itself forbids both (a CNAME
with anything else), or if the same name would also answer with another party's address. A mark that holds only the
project's name may be that of another project: then a record is changed only if this folder knows it as its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from edgegen.dns.beside import ONLY, answers_too, delegates, is_flattened, unveils
from edgegen.dns.ledger import Ledger
from edgegen.dns.marker import Ownership, marker, ownership
from edgegen.dns.normal import identity
from edgegen.dns.plan import APEX_TYPES, Action, Change, Existing, ZonePlan
from edgegen.provider_names import AUTOMATIC_TTL
from edgegen.records import ADDRESSES, POINTERS, Record, RecordType

_CHALLENGE = "_acme-challenge"
STANDS_TWICE = "exists twice"
UNKNOWN = (
    "has this project's name but was not written from this folder (another project may have the same name): "
    "if it is this project's, take it over with --adopt {name}"
)
Key = tuple[RecordType, str]


def diff(
    zone: str,
    desired: Sequence[Record],
    existing: Sequence[Existing],
    *,
    owner: str,
    named: str | None = None,
    known: Ledger | None = None,
    adopt: Iterable[str] = (),
    prune: bool = False,
    allow_apex: bool = False,
) -> ZonePlan:
    """The plan for one zone. Both sides are in canonical spelling.

    `adopt`: names whose records are taken over. `prune`: owned records that are no longer wanted are deleted, except
    NS and MX of the zone itself; `allow_apex` deletes those.
    `named`: an owner that is only a name; records with its mark are ours too, if the ledger `known` contains them.
    """
    whose = Whose(owner, named, known or Ledger())
    planner = _Planner(zone, existing, whose, frozenset(adopt), prune=prune, allow_apex=allow_apex)
    return ZonePlan(zone, owner, tuple(planner.changes(desired)))


class Whose(Struct, frozen=True):
    """Distinguishes our records from others."""

    owner: str
    named: str | None
    known: Ledger

    def of(self, item: Existing) -> Ownership:
        """Whose a record is by its mark. A locked one is never ours.

        With a unique owner the name proves nothing: only known records are ours.
        """
        if item.locked:
            return Ownership.FOREIGN
        if self.bears_name(item):
            return Ownership.OWNED if self.owner == self.named or self.known.knows(item) else Ownership.OTHER
        return ownership(item.comment, self.owner, item.record)

    def is_unknown(self, item: Existing) -> bool:
        """Whether a record has the project's name, its only owner, and this folder does not know it as its own."""
        return self.owner == self.named and self.of(item) is Ownership.OWNED and not self.known.knows(item)

    def bears_name(self, item: Existing) -> bool:
        """Whether a record has the mark of the project's name."""
        return self.named is not None and item.comment == marker(self.named, item.record)


class _Planner:
    """Looks up what exists by name; every existing record is used at most once."""

    def __init__(
        self,
        zone: str,
        existing: Sequence[Existing],
        whose: Whose,
        adopted: frozenset[str],
        *,
        prune: bool,
        allow_apex: bool = False,
    ) -> None:
        self._zone = zone
        self._whose = whose
        self._adopted = adopted
        self._prune = prune
        self._allow_apex = allow_apex
        self._by_name: dict[str, list[Existing]] = defaultdict(list)
        for item in existing:
            self._by_name[item.record.name].append(item)
        self._used: set[str] = set()
        self._named: set[str] = set()
        self._kept: set[tuple[str, ...]] = set()
        self._wanted: dict[str, set[RecordType]] = defaultdict(set)
        self._proxied: frozenset[str] = frozenset()
        """Names that are wanted as proxied CNAMEs."""

    def changes(self, desired: Sequence[Record]) -> Iterator[Change]:
        """First the wanted records, then the other existing ones."""
        waiting: dict[Key, list[Record]] = defaultdict(list)
        self._proxied = frozenset(item.name for item in desired if item.proxied and item.type is RecordType.CNAME)
        for record in desired:
            self._wanted[record.name].add(record.type)
        others: list[Record] = []
        for record in desired:
            if (change := self._as_it_is(record)) is not None:
                yield change
            else:
                others.append(record)
        for record in others:
            # Only now: a record with the same content may also be wanted with its own priority.
            if (change := self._as_it_is(record, any_priority=True)) is not None:
                yield change
            else:
                waiting[record.type, record.name].append(record)
        for records in waiting.values():
            for record in records:
                yield self._to_be_made(record)
        for items in self._by_name.values():
            for item in items:
                if item.id not in self._used:
                    yield self._left_over(item)

    def _is_ours(self, item: Existing) -> bool:
        return self._whose.of(item) is Ownership.OWNED

    def _may_change(self, item: Existing) -> bool:
        """Certainly ours, or adopted by the user."""
        return self._is_ours(item) and (item.record.name in self._adopted or not self._whose.is_unknown(item))

    def _unused(self, record: Record) -> list[Existing]:
        return [
            item for item in self._by_name[record.name] if item.record.type is record.type and item.id not in self._used
        ]

    def _as_it_is(self, record: Record, *, any_priority: bool = False) -> Change | None:
        """The same content exists: it is kept, gets the right ttl, is taken over, or stays foreign."""
        same = [
            item
            for item in self._unused(record)
            if item.record.content == record.content and (any_priority or item.record.priority == record.priority)
        ]
        if not same:
            return None
        # Of two duplicates the older one stays: every other run decides the same.
        item = min((item for item in same if self._is_ours(item)), key=age, default=same[0])
        self._used.add(item.id)
        if self._is_ours(item):
            self._kept.add(identity(record))
            return self._kept_or_updated(record, item)
        if record.name in self._adopted and not item.locked:
            right = _same_options(item.record, record)
            return Change(Action.ADOPT if right else Action.UPDATE, record, item, "taken over")
        if _same_options(item.record, record):
            return Change(Action.FOREIGN, record, item, f"already right, not managed: --adopt {record.name}")
        return self._conflict(record, item)

    def _kept_or_updated(self, record: Record, item: Existing) -> Change:
        """Our record with the wanted content, perhaps with other options."""
        if _same_options(item.record, record):
            return Change(Action.KEEP, record, item)
        hidden = self._blocker(record) if unveils(item.record, record) else None
        if hidden is not None or not self._may_change(item):
            return self._conflict(record, hidden or item)
        return self._update(record, item)

    def _to_be_made(self, record: Record) -> Change:
        if record.name.split(".")[0] == _CHALLENGE:
            return Change(Action.CONFLICT, record, None, "names of ACME challenges are reserved for Traefik")
        if (blocker := self._blocker(record)) is not None:
            return self._conflict(record, blocker)
        item = next(iter(self._replaceable(record)), None)
        if item is None:
            return Change(Action.CREATE, record)
        self._used.add(item.id)
        return self._update(record, item)

    def _update(self, record: Record, item: Existing) -> Change:
        taken = not self._is_ours(item) or self._whose.is_unknown(item)
        return Change(Action.UPDATE, record, item, "taken over" if taken else "")

    def _replaceable(self, record: Record) -> list[Existing]:
        """Records that may get this content: ours first, then adopted ones."""
        unused = self._unused(record)
        ours = [item for item in unused if self._may_change(item)]
        adopted = [item for item in unused if record.name in self._adopted and not item.locked and item not in ours]
        return [*ours, *(adopted if record.type in POINTERS else ())]

    def _blocker(self, record: Record) -> Existing | None:
        """A foreign record that can't coexist with this one."""
        for item in self._by_name[record.name]:
            if item.id in self._used:
                continue
            if self._may_change(item):
                if self._delegates(item.record, record) and not self._prune:
                    return item
                continue
            if self._is_ours(item) and answers_too(item.record.type, record.type):
                # Next to it this one would be a second answer; replacing it would destroy another party's record.
                return item
            if record.name in self._adopted and not item.locked and item.record.type in POINTERS:
                continue
            if self._excludes(item.record, record.type) or self._delegates(item.record, record):
                return item
        return None

    def _delegates(self, present: Record, wanted: Record) -> bool:
        """Whether a record that the spec does not have leaves the wanted answer to other servers."""
        if wanted.name == self._zone or RecordType.NS in self._wanted[wanted.name]:
            return False
        return delegates(present, wanted)

    def _conflict(self, record: Record, item: Existing) -> Change:
        self._named.add(item.id)
        found = item.record
        reason = f"{found.type} {found.name} -> {found.content} "
        if found.type is record.type and found.content == record.content:
            reason = f"{reason}({_options(found)}; wanted: {_options(record)}) "
        if item.locked:
            reason += "is locked by the provider"
        elif self._is_ours(item) and not self._may_change(item):
            reason += UNKNOWN.format(name=found.name)
        elif found.type is RecordType.NS:
            reason += self._delegated(item)
        elif record.type is RecordType.CNAME and found.type not in POINTERS:
            reason += f"{self._not_ours(item)}, and {ONLY}: remove it, or put the name under `ignore`"
        else:
            reason += f"{self._not_ours(item)}: take it over with --adopt {record.name}, or remove it"
        return Change(Action.CONFLICT, record, item, reason)

    def _delegated(self, item: Existing) -> str:
        """What is wrong with an NS record at a name that the spec wants to answer itself."""
        if self._is_ours(item):
            return "leaves the name to other servers and is no longer in the spec: --prune deletes it"
        return f"leaves the name to other servers and {self._not_ours(item)}: remove it, or put the name under `ignore`"

    def _not_ours(self, item: Existing) -> str:
        is_others = self._whose.of(item) is Ownership.OTHER
        return "was made by another edgegen project" if is_others else "was not made by edgegen"

    def _beside(self, item: Existing) -> Change:
        """A foreign address at a name that also answers with ours: some visitors would be sent elsewhere."""
        reason = "answers in addition to the wanted address and "
        if item.locked:
            reason += "is locked by the provider: remove it there, or add it to the spec"
        elif self._is_ours(item):
            reason += UNKNOWN.format(name=item.record.name)
        else:
            reason += (
                f"{self._not_ours(item)}: delete it with --adopt {item.record.name}, add it to the spec, "
                f"or put the name under `ignore`"
            )
        return Change(Action.CONFLICT, item.record, item, reason)

    def _left_over(self, item: Existing) -> Change:
        """A record that was not compared with a wanted one."""
        adopted = item.record.name in self._adopted and not item.locked and item.record.type in POINTERS
        if (self._may_change(item) or adopted) and self._is_in_the_way(item):
            # The batch that creates the other type removes this one: the name always has an answer.
            return Change(Action.DELETE, item.record, item, "another type of record takes its place")
        if self._is_second_answer(item):
            if adopted:
                return Change(Action.DELETE, item.record, item, "taken over: the spec does not have this address")
            if item.id not in self._named:
                return self._beside(item)
        if self._is_ours(item):
            return self._not_wanted(item)
        if self._whose.of(item) is Ownership.SUSPECT:
            return Change(Action.SUSPECT, item.record, item, "its mark was changed: no longer managed")
        return Change(Action.FOREIGN, item.record, item)

    def _not_wanted(self, item: Existing) -> Change:
        """A record with our mark that is not in the spec."""
        at_apex = item.record.name == self._zone and item.record.type in APEX_TYPES
        goes = self._allow_apex if at_apex else self._prune
        if not self._may_change(item):
            if goes and item.id not in self._named:
                return Change(Action.CONFLICT, item.record, item, UNKNOWN.format(name=item.record.name))
            return Change(
                Action.STALE, item.record, item, "not in the spec and not written from this folder: not changed"
            )
        if goes:
            return Change(Action.DELETE, item.record, item, "no longer in the spec")
        if identity(item.record) in self._kept:
            return Change(Action.DELETE, item.record, item, STANDS_TWICE)
        if at_apex:
            reason = f"no longer in the spec; {item.record.type} of the zone itself stays: --allow-apex deletes it"
            return Change(Action.STALE, item.record, item, reason)
        return Change(Action.STALE, item.record, item, "no longer in the spec: --prune deletes it")

    def _is_second_answer(self, item: Existing) -> bool:
        """Whether a name answers with wanted addresses, of either family, and with this foreign one."""
        if item.record.type not in ADDRESSES or self._wanted[item.record.name].isdisjoint(ADDRESSES):
            return False
        return not self._is_ours(item) or self._whose.is_unknown(item)

    def _is_in_the_way(self, item: Existing) -> bool:
        """Whether DNS forbids this record together with what is wanted at its name."""
        wanted = self._wanted[item.record.name]
        if item.record.type is RecordType.CNAME:
            return any(kind is not RecordType.CNAME and self._forbidden(item.record, kind) for kind in wanted)
        return RecordType.CNAME in wanted and self._forbidden_beside_wanted(item.record)

    def _excludes(self, present: Record, wanted: RecordType) -> bool:
        """Whether a foreign record blocks one of type `wanted` at the same name."""
        if present.type is RecordType.CNAME:
            return self._forbidden(present, wanted)
        if wanted is RecordType.CNAME:
            return self._forbidden_beside_wanted(present)
        # With a foreign address of either family at the name, some visitors would be sent elsewhere.
        return present.type in ADDRESSES and wanted in ADDRESSES

    def _forbidden(self, cname: Record, beside: RecordType) -> bool:
        """Whether an existing CNAME forbids another type at its name."""
        return beside in POINTERS or not is_flattened(cname.name, self._zone, proxied=cname.proxied)

    def _forbidden_beside_wanted(self, present: Record) -> bool:
        """Whether the wanted CNAME forbids a record at its name."""
        name = present.name
        return present.type in POINTERS or not is_flattened(name, self._zone, proxied=name in self._proxied)


def _options(record: Record) -> str:
    ttl = "auto" if record.ttl == AUTOMATIC_TTL else str(record.ttl)
    priority = "" if record.priority is None else f", priority {record.priority}"
    return f"ttl {ttl}{', proxied' if record.proxied else ''}{priority}"


def _same_options(found: Record, wanted: Record) -> bool:
    return (found.ttl, found.proxied, found.priority) == (wanted.ttl, wanted.proxied, wanted.priority)


def age(item: Existing) -> tuple[str, str]:
    """Sorts records by creation time; records of the same time in an order that is the same for all runs."""
    return item.created, item.id
