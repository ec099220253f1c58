"""Names that another zone answers for: below a delegation, or in another domain of the spec. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from edgegen.core.dns_names import is_within
from edgegen.desired.seen_clash import Clash
from edgegen.records import ADDRESSES, Record, RecordType
from edgegen.spec.edge import Spec


def lost_names(spec: Spec, wanted: Sequence[Record]) -> Iterator[Clash]:
    """Records that nobody would query, and name servers without an address."""
    servers: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in wanted:
        if record.type is RecordType.NS:
            servers[record.zone, record.name].append(record)
    for record in wanted:
        yield from _below_a_cut(record, servers)
        yield from _in_another_domain(spec, record, servers)
    yield from _without_address(spec, wanted, servers)


def _above(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.partition(".")[2]


def _below_a_cut(record: Record, servers: dict[tuple[str, str], list[Record]]) -> Iterator[Clash]:
    for name in _above(record.name):
        if name == record.zone:
            return
        found = servers.get((record.zone, name))
        if not found or (record.type is RecordType.NS and record.name == name) or _is_glue(record, found):
            continue
        message = f"`{record.name}` is not answered from `{record.zone}`: `{name}` is delegated to other name servers"
        yield Clash(record, message, found[0], "publish it there, or remove the NS records")
        return


def _is_glue(record: Record, servers: Sequence[Record]) -> bool:
    return record.type in ADDRESSES and any(server.content == record.name for server in servers)


def _in_another_domain(spec: Spec, record: Record, servers: dict[tuple[str, str], list[Record]]) -> Iterator[Clash]:
    owner = spec.zone_of(record.name)
    if owner is None or owner == record.zone or not is_within(owner, record.zone):
        return
    delegation = servers.get((record.zone, owner), [])
    if (record.type is RecordType.NS and record.name == owner) or _is_glue(record, delegation):
        return
    yield Clash(record, f"`{record.name}` lies in the domain `{owner}`", hint=f"declare it under `{owner}`")


def _without_address(
    spec: Spec, wanted: Sequence[Record], servers: dict[tuple[str, str], list[Record]]
) -> Iterator[Clash]:
    """A name server does not load a zone whose own servers lie in it and have no address there."""
    addressed = {(record.zone, record.name) for record in wanted if record.type in ADDRESSES}
    cnames = {record.name for record in wanted if record.type is RecordType.CNAME}
    for (zone, name), records in servers.items():
        for record in records:
            inside = is_within(record.content, zone) and record.content not in cnames
            if inside and (zone, record.content) not in addressed:
                yield Clash(
                    record,
                    f"the name server `{record.content}` has no address in the spec",
                    hint=f"declare it: `{{type: A, name: {record.content}, content: …}}`",
                    refused=name == zone and spec.domains[zone].capabilities.is_file,
                )
