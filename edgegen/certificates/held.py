"""The certificates of a project: those in its store, those that the live hosts send, and which match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from edgegen.certificates.certificate import CertificateSeen, stamp
from edgegen.certificates.issuers import is_traefik_default
from edgegen.certificates.names import covers
from edgegen.certificates.read import read_pem
from edgegen.certificates.store import CertificateStore, Stored
from edgegen.endpoints import Endpoint, Kind


@dataclass(frozen=True, slots=True)
class Served:
    """One address of one host, and the certificate it sends; None where it could not be checked, with the reason in
    `why`."""

    host: str
    address: str
    certificate: CertificateSeen | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One certificate, wherever it was found. Without a `resolver` it is not in the store."""

    certificate: CertificateSeen
    resolver: str = ""
    hosts: tuple[str, ...] = ()
    """The spec's hosts that it covers."""
    served: tuple[Served, ...] = ()
    """Where it is sent."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it covers; its common name where it has no others."""
        return self.certificate.names or (self.certificate.common_name,)

    @property
    def is_default(self) -> bool:
        """Whether it is the one that Traefik makes for hosts without a certificate."""
        return is_traefik_default(self.certificate)

    def days_left(self, now: datetime) -> float:
        """Days until it ends; below 0 when it has ended."""
        return self.certificate.left(now) / timedelta(days=1)

    def as_json(self, now: datetime) -> dict[str, Any]:
        """Its object in the JSON result. Times are UTC; `share_left` goes from 0 to 1."""
        own = self.certificate
        return {
            "names": list(self.names),
            "issuer": own.issuer_name,
            "not_before": stamp(own.not_before),
            "not_after": stamp(own.not_after),
            "days_left": round(self.days_left(now), 2),
            "share_left": round(own.share_left(now), 4),
            "serial": own.serial,
            "fingerprint": own.fingerprint,
            "key": own.key,
            "stored": bool(self.resolver),
            "resolver": self.resolver or None,
            "hosts": list(self.hosts),
            "served": [{"host": item.host, "address": item.address} for item in self.served],
        }


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything known about a project's certificates."""

    hosts: tuple[Endpoint, ...]
    """The spec's hosts that speak TLS, each once."""
    store: CertificateStore | None = None
    """None: there is no acme.json."""
    listed: tuple[Listed, ...] = ()
    """The store's own in its order, then those that are only sent."""
    unreadable: tuple[Stored, ...] = ()
    """Entries of the store whose certificate can't be read."""
    served: tuple[Served, ...] | None = field(default=None)
    """All that was seen of the live hosts; None: nobody looked."""
    kept_by: str = ""
    """The project whose edge keeps the certificates, if it is another one (`edge.use`)."""
    unseen: str = ""
    """Why the store could not be read, if it is on another machine: it may hold anything."""

    def stored_for(self, host: str) -> tuple[Listed, ...]:
        """The store's certificates that cover a host; the one that Traefik prefers comes first."""
        found = (item for item in self.listed if item.resolver and covers(item.names, host))
        return tuple(sorted(found, key=lambda item: (host in item.names, item.certificate.not_after), reverse=True))

    def served_at(self, endpoint: Endpoint) -> tuple[Served, ...]:
        """What was seen of one host."""
        return tuple(item for item in self.served or () if item.host == label(endpoint))


def held(endpoints: Sequence[Endpoint], store: CertificateStore | None, served: Sequence[Served] | None) -> Holdings:
    """The store and the live hosts, joined by fingerprint. `served` None: only the store was looked at."""
    hosts = tuple({label(endpoint): endpoint for endpoint in endpoints}.values())
    entries, unreadable = _read(store)
    listed = {item.certificate.fingerprint: item for item in entries}
    for item in served or ():
        if item.certificate is not None:
            known = listed.get(item.certificate.fingerprint, Listed(item.certificate))
            listed[item.certificate.fingerprint] = replace(known, served=(*known.served, item))
    seen = None if served is None else tuple(served)
    return Holdings(hosts, store, tuple(_with_hosts(item, hosts) for item in listed.values()), unreadable, seen)


def label(endpoint: Endpoint) -> str:
    """The name of a host in the results: a wildcard as in the spec, without a path, with the port if it is not 443."""
    return endpoint.shown.partition("/")[0]


def _read(store: CertificateStore | None) -> tuple[list[Listed], tuple[Stored, ...]]:
    listed, unreadable = [], []
    for entry in store.stored if store else ():
        certificate = None if entry.trouble else read_pem(entry.chain)
        if certificate is None:
            unreadable.append(structs.replace(entry, trouble=entry.trouble or "its certificate can't be read"))
        else:
            listed.append(Listed(certificate, entry.resolver))
    return listed, tuple(unreadable)


def _with_hosts(item: Listed, hosts: Iterable[Endpoint]) -> Listed:
    mine = (label(host) for host in hosts if host.kind is not Kind.TCP and covers(item.names, host.host))
    return replace(item, hosts=tuple(mine))
