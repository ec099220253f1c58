"""Which name servers answer for the names of a zone. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from edgegen.core.dns_names import is_within
from edgegen.core.show import shown
from edgegen.records import ADDRESSES, Record, RecordType

DECLARE = 'declare yours under `records`: `{type: NS, name: "@", content: ns1.example.net}`'


def placeholder(zone: str) -> str:
    """What the server of a zone file is called as long as no record names one."""
    return f"ns1.{zone}"


def delegated(zone: str, wanted: Sequence[Record], records: Sequence[Record]) -> Iterator[str]:
    """Wanted names that other servers answer for, because the zone has NS records at or above them."""
    servers: dict[str, set[str]] = defaultdict(set)
    for record in records:
        if record.type is RecordType.NS and record.name != zone:
            servers[record.name].add(record.content)
    for below, own in sorted(servers.items()):
        # The addresses of its servers have to be here, too: otherwise nobody would find them.
        hidden = {record.name for record in wanted if record.type is not RecordType.NS} - own
        if names := sorted(name for name in hidden if is_within(name, below)):
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            server = shown(min(own))
            yield f"{below} is delegated to {server}, which answers for {names[0]}{more}: records here have no effect"


def unserved(zone: str, records: Sequence[Record], how: str = DECLARE) -> Iterator[str]:
    """Why a name server would not load a zone file with these records: it checks the zone's own servers."""
    servers = sorted({record.content for record in records if record.type is RecordType.NS and record.name == zone})
    addressed = {record.name for record in records if record.type in ADDRESSES}
    lost = next((server for server in servers if is_within(server, zone) and not _answers(addressed, server)), None)
    if not servers and not _answers(addressed, placeholder(zone)):
        yield f"no record names the name servers of {zone}, and without them none loads its file: {how}"
    elif lost is not None:
        yield f"{shown(lost)} is a name server of {zone} without an address in its file, and so none loads it"


def crowded(zone: str, records: Sequence[Record]) -> Iterator[str]:
    """CNAMEs next to other records, which some providers answer with addresses and no name server loads."""
    types: dict[str, set[RecordType]] = defaultdict(set)
    for record in records:
        types[record.name].add(record.type)
    for name, found in sorted(types.items()):
        if RecordType.CNAME in found and (name == zone or len(found) > 1):
            where = "of the zone itself" if name == zone else "next to other records"
            yield f"{name} is a CNAME {where}, which a provider can answer, and no name server loads"


def _answers(names: Collection[str], name: str) -> bool:
    """Whether one of the names is this one, or a wildcard that covers it."""
    labels = name.split(".")
    return name in names or any(f"*.{'.'.join(labels[first:])}" in names for first in range(1, len(labels)))
