"""Records of the spec that can't exist together, each with both places. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgegen.core.circles import arrows, circle_through, in_circles
from edgegen.core.cloudflare import is_cloudflares
from edgegen.core.dns_names import full_name
from edgegen.core.location import Path
from edgegen.core.show import shown
from edgegen.core.zone_text import unquoted
from edgegen.desired.delegations import lost_names
from edgegen.desired.records import OWN, every_record, is_ignored
from edgegen.desired.seen_clash import Clash, by_name
from edgegen.provider_names import AUTOMATIC_TTL, Capabilities
from edgegen.records import ADDRESSES, POINTERS, Record, RecordType
from edgegen.spec.edge import Spec

_ONLY = "a CNAME doesn't allow other records at its name"


def clashes(spec: Spec) -> Iterator[Clash]:
    """All that can't be published together, and what is published but hardly meant."""
    wanted = every_record(spec, OWN, spec.domains)
    for (zone, name), records in by_name(wanted).items():
        provider = spec.domains[zone].capabilities
        yield from _beside_cname(records, provider, at_apex=name == zone)
        yield from _twice(records)
        yield from _several_ttls(records)
        yield from _proxied_in_part(records)
        yield from _too_much_text(records, provider.texts_limit)
        if name == zone and provider.flattens_apex:
            yield from _name_servers_of_cloudflare(records)
    yield from _cname_circles(wanted)
    yield from lost_names(spec, wanted)
    yield from _targets_that_are_cnames(spec, wanted)
    yield from _ignored(spec)
    yield from _addresses_of_the_proxy(spec, wanted)


def _beside_cname(records: Sequence[Record], provider: Capabilities, *, at_apex: bool) -> Iterator[Clash]:
    cname = next((record for record in records if record.type is RecordType.CNAME), None)
    if cname is None:
        return
    if at_apex and provider.is_file:
        yield Clash(
            cname, f"`{cname.name}` is the zone itself, which can't be a CNAME: its SOA and NS are there",
            hint="publish addresses instead",
        )  # fmt: skip
        return
    # Source: Cloudflare's documentation: a CNAME of the zone itself is always flattened, and nobody sees one behind the
    # proxy, so such a CNAME excludes addresses only.
    flattened = (at_apex and provider.flattens_apex) or (cname.proxied and provider.proxy)
    excluded = [record for record in records if record is not cname and (record.type in POINTERS or not flattened)]
    for other in excluded:
        if _key(other) != _key(cname):
            yield _two_kinds(cname, other)


def _two_kinds(cname: Record, other: Record) -> Clash:
    what = "another CNAME" if other.type is RecordType.CNAME else f"a record of type {other.type}"
    first, second = (other, cname) if other.is_declared and not cname.is_declared else (cname, other)
    if first is cname:
        return Clash(first, f"`{first.name}` has {what} next to this CNAME", second, _ONLY)
    return Clash(first, f"`{first.name}` is a CNAME", second, _ONLY)


def _key(record: Record) -> tuple[str, str, int | None]:
    content = unquoted(record.content) if record.type is RecordType.TXT else record.content
    return record.type.value, content, record.priority


def _twice(records: Sequence[Record]) -> Iterator[Clash]:
    first: dict[tuple[str, str, int | None], Record] = {}
    for record in records:
        other = first.setdefault(_key(record), record)
        if other is not record:
            later, earlier = (record, other) if record.is_declared or not other.is_declared else (other, record)
            message = f"{record.type} `{record.name}` -> `{shown(record.content)}` is published twice"
            yield Clash(later, message, earlier, "remove one of them", refused=later.is_declared)


def _several_ttls(records: Sequence[Record]) -> Iterator[Clash]:
    """Source: RFC 2181, section 5.2. A zone file keeps the smallest of them for all."""
    first: dict[RecordType, Record] = {}
    for record in records:
        other = first.setdefault(record.type, record)
        if other.ttl != record.ttl:
            message = f"{record.type} `{record.name}` has a ttl of {_ttl(record)} here and of {_ttl(other)} elsewhere"
            yield Clash(record, message, other, "records of one name and type have one ttl")


def _proxied_in_part(records: Sequence[Record]) -> Iterator[Clash]:
    """Source: Cloudflare's documentation: one proxied address of a name makes all of them proxied."""
    addresses = [record for record in records if record.type in ADDRESSES]
    proxied = next((record for record in addresses if record.proxied), None)
    direct = next((record for record in addresses if not record.proxied), None)
    if proxied is None or direct is None:
        return
    later, earlier = (direct, proxied) if direct.is_declared else (proxied, direct)
    here = "proxied" if later.proxied else "not proxied"
    there = "is not" if later.proxied else "is"
    message = f"{later.type} `{later.name}` is {here} and another address of it {there}: Cloudflare proxies all or none"
    yield Clash(later, message, earlier, "set `proxied` to the same for all addresses of the name")


def _ttl(record: Record) -> str:
    return "`auto`" if record.ttl == AUTOMATIC_TTL else str(record.ttl)


def _too_much_text(records: Sequence[Record], limit: int) -> Iterator[Clash]:
    size = 0
    for record in records:
        size += len(unquoted(record.content).encode("utf-8", "replace")) if record.type is RecordType.TXT else 0
        if size > limit:
            yield Clash(record, f"all texts of `{record.name}` have more than {limit:,} bytes together")
            return


def _name_servers_of_cloudflare(records: Sequence[Record]) -> Iterator[Clash]:
    """Source: Cloudflare's documentation of multi-provider DNS."""
    for record in records:
        if record.type is RecordType.NS:
            message = "Cloudflare ignores NS records of the zone itself unless multi-provider DNS is on"
            yield Clash(record, message, refused=False)


def _cname_circles(wanted: Sequence[Record]) -> Iterator[Clash]:
    leads = {record.name: (record.content,) for record in wanted if record.type is RecordType.CNAME}
    circling = in_circles(leads)
    for record in wanted:
        if record.type is RecordType.CNAME and record.name in circling:
            yield Clash(record, f"this CNAME leads back to itself: {arrows(circle_through(record.name, leads))}")


def _targets_that_are_cnames(spec: Spec, wanted: Sequence[Record]) -> Iterator[Clash]:
    cnames = {record.name: record for record in wanted if record.type is RecordType.CNAME}
    for record in wanted:
        if record.type not in (RecordType.MX, RecordType.NS, RecordType.SRV):
            continue
        target = record.content.rpartition(" ")[2]
        if (other := cnames.get(target)) is not None:
            # A name server does not load a zone whose own server is a CNAME.
            in_a_file = spec.domains[record.zone].capabilities.is_file
            refused = record.type is RecordType.NS and record.name == record.zone and in_a_file
            message = f"`{target}` is a CNAME, and a record of type {record.type} needs a name with addresses"
            yield Clash(record, message, other, "use the CNAME's target", refused=refused)


def _ignored(spec: Spec) -> Iterator[Clash]:
    for zone, domain in spec.domains.items():
        for index, item in enumerate(domain.records):
            if is_ignored(domain, full_name(item.name, zone)):
                path = ("domains", zone, "records", index)
                yield Clash.at(path, f"`{shown(item.name)}` is not published: `ignore` covers it", refused=False)


def _addresses_of_the_proxy(spec: Spec, wanted: Sequence[Record]) -> Iterator[Clash]:
    """What DNS says of a proxied host, taken for the server's address. For a proxied host this is an error of the spec;
    in `records:` it may be the address of a service that is behind Cloudflare."""
    of_hosts = [record for record in wanted if record.type in ADDRESSES and not record.is_declared]
    seen: set[Path] = set()
    for record in of_hosts:
        if record.path not in seen and spec.domains[record.zone].is_planned and is_cloudflares(record.content):
            seen.add(record.path)
            message = f"`{record.content}` is Cloudflare's own address, as DNS answers for a proxied host"
            yield Clash(record, message, hint="write the address of the server", refused=False)
