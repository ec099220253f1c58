"""Spec -> the DNS records that must exist. Pure: the host's own addresses come in as an argument."""

from __future__ import annotations

import fnmatch
import ipaddress
from collections.abc import Collection, Iterable, Iterator, Mapping

from edgegen.core.dns_names import dns_name, full_name
from edgegen.core.location import Path
from edgegen.core.zone_text import unquoted
from edgegen.provider_names import AUTOMATIC_TTL
from edgegen.records import CAA_IDENTITIES, Record, RecordType
from edgegen.spec.domain import AUTO, DeclaredRecord, Domain
from edgegen.spec.edge import Spec

OWN = {4: "0.0.0.0", 6: "::"}  # noqa: S104  # no address of anybody
"""Placeholders for this host's own addresses where they are not known."""


def records(spec: Spec, own_addresses: Mapping[int, str] | None = None) -> list[Record]:
    """Every record that edgegen keeps, each once. `own_addresses`: IP version -> this host's public address.

    Raises KeyError where a host asks for an own address that `own_addresses` does not hold: see `needs_own_address`.
    """
    return _each_once(every_record(spec, own_addresses or {}))


def every_record(spec: Spec, own_addresses: Mapping[int, str], zones: Collection[str] | None = None) -> list[Record]:
    """Every record as often as the spec has it, each with its place. `zones`: by default all that edgegen keeps."""
    if zones is None:
        zones = [zone for zone, domain in spec.domains.items() if domain.is_planned]
    hosts = [host for host in dict.fromkeys(_hosts(spec)) if spec.zone_of(host) in zones]
    return [
        *(record for host in hosts for record in host_records(spec, host, own_addresses)),
        *(record for zone in zones for record in _declared(zone, spec.domains[zone])),
        *(record for zone in zones for record in _caa(spec, zone)),
    ]


def _each_once(found: Iterable[Record]) -> list[Record]:
    return list({(item.zone, item.type, item.name, item.content, item.priority): item for item in found}.values())


def needs_own_address(spec: Spec) -> dict[int, Path]:
    """The IP versions of which the edge's own address has to be found out, each with the first place that asks."""
    found: dict[int, Path] = {}
    for host in _hosts(spec):
        if _is_planned(spec, host):
            for place, word in _addresses(spec, host):
                if word in AUTO:
                    found.setdefault(AUTO[word], place)
    return found


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
        at = ("domains", zone, "hosts", host, "cname")
        yield Record(zone, host, RecordType.CNAME, override.cname, ttl, proxied, path=at)
        return
    for path, address in _addresses(spec, host):
        content = own_addresses[AUTO[address]] if address in AUTO else address
        kind = RecordType.A if ipaddress.ip_address(content).version == 4 else RecordType.AAAA
        yield Record(zone, host, kind, content, ttl, proxied, path=path)


def without_addresses(spec: Spec) -> list[tuple[Path, str, str]]:
    """(place, host, domain) of every host that a domain with a provider holds, and that no record answers for."""
    names = set(published_by_name(spec))
    found = []
    for path, host in spec.host_places():
        zone = publishing_zone(spec, host)
        if zone is not None and spec.domains[zone].is_planned and not names.intersection(_answering(host)):
            found.append((path, host, zone))
    return found


def _answering(host: str) -> Iterator[str]:
    """The name itself, and each wildcard that would answer for it."""
    yield host
    labels = host.removeprefix("*.").split(".")
    yield from (f"*.{'.'.join(labels[first:])}" for first in range(1, len(labels)))


def publishing_zone(spec: Spec, host: str) -> str | None:
    """The domain that publishes a host's records. None where no domain of the spec holds it, or `ignore` covers it."""
    zone = spec.zone_of(host)
    return None if zone is None or is_ignored(spec.domains[zone], host) else zone


def published_by_name(spec: Spec) -> dict[str, list[Record]]:
    """Name -> its A, AAAA and CNAME as they are published, by whoever keeps them.

    This host's own addresses, which only that host knows, are `OWN`."""
    found: dict[str, list[Record]] = {}
    for record in _each_once(every_record(spec, OWN, spec.domains)):
        if record.type in (RecordType.A, RecordType.AAAA, RecordType.CNAME):
            found.setdefault(record.name, []).append(record)
    return found


def is_ignored(domain: Domain, name: str) -> bool:
    """Whether `ignore` of the domain covers a name."""
    return any(fnmatch.fnmatchcase(name, pattern.lower().removesuffix(".")) for pattern in domain.ignore)


def _hosts(spec: Spec) -> Iterator[str]:
    yield from (host for _, host in spec.public_hosts())


def _addresses(spec: Spec, host: str) -> Iterator[tuple[Path, str]]:
    """The addresses of a host, each with its place: its own, or else those of its domain. None for one with a CNAME."""
    zone = spec.zone_of(host)
    if zone is None:
        return
    domain = spec.domains[zone]
    override = domain.hosts.get(host)
    if override is not None and override.cname:
        return
    at: Path = ("domains", zone, "addresses")
    found = domain.addresses
    if override is not None and override.addresses is not None:
        at, found = ("domains", zone, "hosts", host, "addresses"), override.addresses
    yield from (((*at, index), address) for index, address in enumerate(found))


def _is_planned(spec: Spec, host: str) -> bool:
    zone = spec.zone_of(host)
    return zone is not None and spec.domains[zone].is_planned


def _declared(zone: str, domain: Domain) -> Iterator[Record]:
    for index, item in enumerate(domain.records):
        if not is_ignored(domain, full_name(item.name, zone)):
            yield declared(zone, domain, item, ("domains", zone, "records", index))


def declared(zone: str, domain: Domain, item: DeclaredRecord, path: Path = ()) -> Record:
    """A record of `records:` in full."""
    ttl = AUTOMATIC_TTL if item.proxied else item.ttl if item.ttl is not None else domain.ttl
    name = full_name(item.name, zone)
    return Record(zone, name, item.type, _content(item), ttl, item.proxied, item.priority, path=path)


def _content(item: DeclaredRecord) -> str:
    text = item.content.strip()
    if item.type in (RecordType.A, RecordType.AAAA):
        return str(ipaddress.ip_address(text))
    if item.type is RecordType.SRV:
        return f"{item.weight} {item.port} {dns_name(text)}"
    if item.type is RecordType.CAA:
        flags, tag, value = text.split(None, 2)
        return f'{flags} {tag.lower()} "{unquoted(value)}"'
    return item.content if item.type is RecordType.TXT else dns_name(text)


def _caa(spec: Spec, zone: str) -> Iterator[Record]:
    domain = spec.domains[zone]
    if not domain.caa or spec.acme.ca not in CAA_IDENTITIES:
        return
    identity = CAA_IDENTITIES[spec.acme.ca][0]
    wildcard = any(host.startswith("*.") and spec.zone_of(host) == zone for host in _hosts(spec))
    at = ("domains", zone, "caa")
    yield Record(zone, zone, RecordType.CAA, f'0 issue "{identity}"', domain.ttl, path=at)
    yield Record(zone, zone, RecordType.CAA, f'0 issuewild "{identity if wildcard else ";"}"', domain.ttl, path=at)
