"""The certificates of a project: what Traefik's store holds, what the live hosts send, and which belongs to which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgegen.endpoints import Endpoint, Kind
from edgegen.files.acme_read import Store, Stored
from edgegen.verify.observation import AddressSeen, CertificateSeen, Observation

if TYPE_CHECKING:
    from edgegen.verify.engine import Progress
    from edgegen.verify.settings import Settings

DEFAULT_NAME = "TRAEFIK DEFAULT CERT"
"""The common name of what Traefik sends for a host that it has no certificate for (seen on 3.7.15)."""


@dataclass(frozen=True, slots=True)
class Served:
    """One address of one host, and what it sends. `certificate` None: it could not be seen, and `why` says why."""

    host: str
    address: str
    certificate: CertificateSeen | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One certificate, wherever it was found. Without a `resolver` the store does not have it."""

    certificate: CertificateSeen
    resolver: str = ""
    hosts: tuple[str, ...] = ()
    """The spec's hosts that it is for."""
    served: tuple[Served, ...] = ()
    """Where it is sent."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it holds for; its common name where it has no others."""
        return self.certificate.names or (self.certificate.common_name,)

    @property
    def is_default(self) -> bool:
        """Whether it is the one that Traefik makes up for hosts without a certificate."""
        return self.certificate.common_name == DEFAULT_NAME

    def days_left(self, now: datetime) -> float:
        """Days until it ends; below 0 when it has ended."""
        return (self.certificate.not_after - now).total_seconds() / 86400

    def share_left(self, now: datetime) -> float:
        """The part of its own life that is still to come, from 0 to 1."""
        life = (self.certificate.not_after - self.certificate.not_before).total_seconds()
        left = (self.certificate.not_after - now).total_seconds()
        return min(1.0, max(0.0, left / life)) if life > 0 else 0.0

    def as_json(self, now: datetime) -> dict[str, Any]:
        """Its object in the JSON result. Times are UTC; `share_left` goes from 0 to 1."""
        own = self.certificate
        return {
            "names": list(self.names),
            "issuer": own.issuer_name,
            "not_before": stamp(own.not_before),
            "not_after": stamp(own.not_after),
            "days_left": round(self.days_left(now), 2),
            "share_left": round(self.share_left(now), 4),
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
    """Everything that is known of a project's certificates."""

    hosts: tuple[Endpoint, ...]
    """The spec's hosts that speak TLS, each once."""
    store: Store | None = None
    """None: there is no acme.json."""
    listed: tuple[Listed, ...] = ()
    """The store's own in its order, then those that are only sent."""
    unreadable: tuple[Stored, ...] = ()
    """Entries of the store of which no certificate can be read."""
    served: tuple[Served, ...] | None = field(default=None)
    """All that was seen of the live hosts; None: nobody looked."""
    kept_by: str = ""
    """The project whose edge keeps the certificates, where it is another one (`edge.use`)."""

    def stored_for(self, host: str) -> tuple[Listed, ...]:
        """The store's certificates that hold for a host; the one that Traefik would rather send comes first."""
        found = (item for item in self.listed if item.resolver and covers(item.names, host))
        return tuple(sorted(found, key=lambda item: (host in item.names, item.certificate.not_after), reverse=True))

    def served_at(self, endpoint: Endpoint) -> tuple[Served, ...]:
        """What was seen of one host."""
        return tuple(item for item in self.served or () if item.host == label(endpoint))


def gather(project: Path, environment: str | None, settings: Settings | None, progress: Progress) -> Holdings:
    """The project's store, and with `settings` its live hosts. Nothing is changed, and no password is sent.

    Raises SpecError, RefusedError and LocalIOError; what the network does is data.
    """
    from edgegen.desired.endpoints import endpoints
    from edgegen.files.acme_read import read_store
    from edgegen.project.leaves import read_leaves
    from edgegen.project.verify import with_local_authority
    from edgegen.spec.load import load

    loaded = load(project, environment)
    wanted = endpoints(loaded.spec, loaded.locate)
    other = loaded.spec.edge.use or ""
    local = loaded.spec.acme.is_local and not other
    # An acme.json that lies here beside another edge is of an earlier one of this project's own.
    store = None if other else read_leaves(project) if local else read_store(project)
    seen = _look(wanted, with_local_authority(settings, wanted, project), progress) if settings else None
    return replace(holdings(wanted, store, seen), kept_by=other)


def _look(wanted: Sequence[Endpoint], settings: Settings, progress: Progress) -> tuple[Observation, ...]:
    from edgegen.verify.engine import look
    from edgegen.verify.look.trust import Trust

    return look(wanted, settings, trust=Trust.load(settings.ca_file), progress=progress)


def holdings(
    endpoints: Sequence[Endpoint], store: Store | None, observations: Iterable[Observation] | None
) -> Holdings:
    """The store and the live hosts, joined by fingerprint. `observations` None: only the store is looked at."""
    hosts = tuple({label(endpoint): endpoint for endpoint in endpoints}.values())
    entries, unreadable = _read(store)
    served = None if observations is None else tuple(_served(observations))
    listed = {item.certificate.fingerprint: item for item in entries}
    for item in served or ():
        if item.certificate is not None:
            known = listed.get(item.certificate.fingerprint, Listed(item.certificate))
            listed[item.certificate.fingerprint] = replace(known, served=(*known.served, item))
    return Holdings(hosts, store, tuple(_with_hosts(item, hosts) for item in listed.values()), unreadable, served)


def covers(names: Iterable[str], host: str) -> bool:
    """Whether one of a certificate's names holds for a host: itself, or a wildcard in place of its first label."""
    parent = host.partition(".")[2]
    return any(name == host or (bool(parent) and name == f"*.{parent}") for name in names)


def label(endpoint: Endpoint) -> str:
    """How a host is called here: a wildcard as the spec has it, without a path, with the port where it is not 443."""
    return endpoint.shown.partition("/")[0]


def stamp(when: datetime) -> str:
    """A time of a certificate, which is in UTC, as RFC 3339 has it."""
    return when.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _read(store: Store | None) -> tuple[list[Listed], tuple[Stored, ...]]:
    listed, unreadable = [], []
    for entry in store.stored if store else ():
        certificate, trouble = _certificate(entry)
        if certificate is None:
            unreadable.append(replace(entry, trouble=trouble))
        else:
            listed.append(Listed(certificate, entry.resolver))
    return listed, tuple(unreadable)


def _certificate(entry: Stored) -> tuple[CertificateSeen | None, str]:
    """The host's own certificate of an entry, or None and why there is none."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from edgegen.verify.look.certificates import read_chain

    if entry.trouble:
        return None, entry.trouble
    try:
        own = x509.load_pem_x509_certificate(entry.chain).public_bytes(Encoding.DER)
    except (ValueError, TypeError):
        own = b""
    found = read_chain((own,))
    return (found[0], "") if found else (None, "its certificate can't be read")


def _served(observations: Iterable[Observation]) -> Iterable[Served]:
    """Each address of each host once: endpoints that differ in their path share them."""
    found: dict[tuple[str, str], Served] = {}
    for seen in observations:
        host = label(seen.endpoint)
        for item in seen.addresses:
            one = Served(host, item.address, item.tls.certificate if item.tls else None, _why(item))
            known = found.get((host, item.address))
            if known is None or known.certificate is None:
                found[host, item.address] = one
    return found.values()


def _why(seen: AddressSeen) -> str:
    if seen.not_public:
        return "it is not an address of the internet, and the spec does not name it"
    failure = seen.connect or (seen.tls.failure if seen.tls else None)
    if failure is not None:
        return failure.detail or f"{failure.trouble} ({failure.phase})"
    return "" if seen.tls and seen.tls.certificate else "it was not looked at"


def _with_hosts(item: Listed, hosts: Iterable[Endpoint]) -> Listed:
    mine = (label(host) for host in hosts if host.kind is not Kind.TCP and covers(item.names, host.host))
    return replace(item, hosts=tuple(mine))
