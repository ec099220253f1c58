"""Spec -> the DNS records that must exist. Pure: the host's own addresses come in as an argument."""

from __future__ import annotations

import fnmatch
import ipaddress
from collections.abc import Iterator, Mapping, Sequence

from edgegen.records import Record, RecordType
from edgegen.spec.domain import DeclaredRecord, Domain
from edgegen.spec.edge import Spec

AUTOMATIC_TTL = 1
AUTO = {"auto": 4, "auto6": 6}
"""Words for the host's own address, and the family that each asks for. AAAA is published only when it is asked for."""
OWN = {4: "0.0.0.0", 6: "::"}  # noqa: S104  # no address of anybody
"""Stands for this host's own addresses where they are not known."""

# Source: the authorities' documentation of their CAA identities.
CAA_IDENTITIES = {
    "letsencrypt": "letsencrypt.org",
    "letsencrypt-staging": "letsencrypt.org",
    "zerossl": "sectigo.com",
}


def records(spec: Spec, own_addresses: Mapping[int, str] | None = None) -> list[Record]:
    """Every record that the spec wants, each once. `own_addresses`: IP version -> this host's public address.

    Raises KeyError where a host asks for an own address that `own_addresses` does not hold: see `needs_own_address`.
    """
    wanted = [
        *(record for host in dict.fromkeys(_hosts(spec)) for record in host_records(spec, host, own_addresses or {})),
        *(record for zone, domain in spec.domains.items() for record in _declared(zone, domain)),
        *(record for zone in spec.domains for record in _caa(spec, zone)),
    ]
    return list({(item.zone, item.type, item.name, item.content, item.priority): item for item in wanted}.values())


def needs_own_address(spec: Spec) -> set[int]:
    """The IP versions of which this host's own address has to be found out."""
    words = {word for host in _hosts(spec) for word in _addresses(spec, host)}
    return {AUTO[word] for word in words if word in AUTO}


def host_records(spec: Spec, host: str, own_addresses: Mapping[int, str]) -> Iterator[Record]:
    """A and AAAA of one public host, or its CNAME. None where no domain of the spec holds it, or ignores it."""
    zone = publishing_zone(spec, host)
    if zone is None:
        return
    domain = spec.domains[zone]
    override = domain.hosts.get(host)
    proxied = spec.is_proxied(host)
    ttl = override.ttl if override is not None and override.ttl is not None else domain.ttl
    ttl = AUTOMATIC_TTL if proxied else ttl
    if override is not None and override.cname:
        yield Record(zone, host, RecordType.CNAME, override.cname, ttl, proxied)
        return
    for address in _addresses(spec, host):
        content = own_addresses[AUTO[address]] if address in AUTO else address
        kind = RecordType.A if ipaddress.ip_address(content).version == 4 else RecordType.AAAA
        yield Record(zone, host, kind, content, ttl, proxied)


def publishing_zone(spec: Spec, host: str) -> str | None:
    """The domain that publishes a host's records. None where no domain of the spec holds it, or `ignore` covers it."""
    zone = spec.zone_of(host)
    return None if zone is None or is_ignored(spec.domains[zone], host) else zone


def published_by_name(spec: Spec) -> dict[str, list[Record]]:
    """Name -> its A, AAAA and CNAME as they are published. This host's own addresses, which only that host can know,
    stand there as `OWN`."""
    found: dict[str, list[Record]] = {}
    for record in records(spec, OWN):
        if record.type in (RecordType.A, RecordType.AAAA, RecordType.CNAME):
            found.setdefault(record.name, []).append(record)
    return found


def is_ignored(domain: Domain, name: str) -> bool:
    """Whether `ignore` of the domain covers a name."""
    return any(fnmatch.fnmatchcase(name, pattern.lower().removesuffix(".")) for pattern in domain.ignore)


def _hosts(spec: Spec) -> Iterator[str]:
    yield from (host for _, host in spec.public_hosts())


def _addresses(spec: Spec, host: str) -> Sequence[str]:
    zone = spec.zone_of(host)
    if zone is None:
        return ()
    override = spec.domains[zone].hosts.get(host)
    if override is not None and override.addresses is not None:
        return override.addresses
    return spec.domains[zone].addresses


def _declared(zone: str, domain: Domain) -> Iterator[Record]:
    for item in domain.records:
        if not is_ignored(domain, full_name(item.name, zone)):
            yield declared(zone, domain, item)


def declared(zone: str, domain: Domain, item: DeclaredRecord) -> Record:
    """A record of `records:` in full."""
    ttl = AUTOMATIC_TTL if item.proxied else item.ttl if item.ttl is not None else domain.ttl
    return Record(zone, full_name(item.name, zone), item.type, _content(item), ttl, item.proxied, item.priority)


def full_name(name: str, zone: str) -> str:
    """A name of `records:` in full: `@` is the zone, names that end in it are full already, others lie below it."""
    plain = name.lower().removesuffix(".")
    if plain == "@":
        return zone
    return plain if plain == zone or plain.endswith(f".{zone}") else f"{plain}.{zone}"


def _content(item: DeclaredRecord) -> str:
    if item.type is RecordType.SRV:
        return f"{item.weight} {item.port} {item.content.lower().removesuffix('.')}"
    if item.type in (RecordType.CNAME, RecordType.MX, RecordType.NS):
        return item.content.lower().removesuffix(".")
    return item.content


def _caa(spec: Spec, zone: str) -> Iterator[Record]:
    domain = spec.domains[zone]
    if not domain.caa or spec.acme.ca not in CAA_IDENTITIES:
        return
    identity = CAA_IDENTITIES[spec.acme.ca]
    wildcard = any(host.startswith("*.") and spec.zone_of(host) == zone for host in _hosts(spec))
    yield Record(zone, zone, RecordType.CAA, f'0 issue "{identity}"', domain.ttl)
    yield Record(zone, zone, RecordType.CAA, f'0 issuewild "{identity if wildcard else ";"}"', domain.ttl)
