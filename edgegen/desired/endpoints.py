"""Spec -> what must answer from the outside, and how. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.location import Location, Path
from edgegen.desired.edge import TRAEFIK
from edgegen.desired.records import OWN, published_by_name, publishing_zone
from edgegen.endpoints import Aspect, Endpoint, Kind
from edgegen.records import Record, RecordType
from edgegen.spec.edge import Spec
from edgegen.spec.service import ServiceBase, address
from edgegen.targets import target_of
from edgegen.traefik.middlewares import passed

Locate = Callable[[Path], Location]

PROBE_LABEL = "edgegen-probe"
"""The name that is asked for where the spec has a wildcard: nobody has a host of that name on purpose."""
DASHBOARD = "dashboard"


def endpoints(spec: Spec, locate: Locate | None = None) -> tuple[Endpoint, ...]:
    """Every public name of the spec in the spec's order, aliases behind their host, the dashboard last.

    `locate`: path of the spec -> place in its file; without it no endpoint has places.
    """
    found = _Names(spec, locate, published_by_name(spec))
    of_services = (
        endpoint for name, service in spec.services.items() for endpoint in _of_service(found, name, service)
    )
    return tuple(_knowing_redirects([*of_services, *_dashboard(found)]))


def _knowing_redirects(found: Sequence[Endpoint]) -> Iterator[Endpoint]:
    """Each with the names that only point elsewhere: a service that calls itself by one of them is a loop."""
    goals = {item.host: item.goal for item in found if item.goal is not None and not item.subject}
    for item in found:
        yield replace(item, redirects=goals) if goals and item.speaks_http else item


class _Names(Struct, frozen=True):
    """What one public name has from its domain and from the edge, whatever is behind it."""

    spec: Spec
    locate: Locate | None
    published: Mapping[str, Sequence[Record]]

    def endpoint(self, name: str, host: str, at: Path, *, users: Path | None = None) -> Endpoint:
        """A WEB endpoint. `at`: where the spec names the host; `users`: where it says who may come in."""
        edge, acme = self.spec.edge, self.spec.acme
        return Endpoint(
            name,
            host.replace("*", PROBE_LABEL, 1),
            port=edge.ports.websecure,
            web_port=edge.ports.web,
            zone=publishing_zone(self.spec, host),
            # Another project's edge asks for the certificates, where and how its own spec says.
            ca="" if edge.use else acme.ca,
            challenge="" if edge.use or acme.is_local else acme.challenge,
            restart=target_of(self.spec.target).restarting(str(edge.use or self.spec.name), TRAEFIK),
            hsts=edge.hsts,
            asks_first=_login(self.spec, name),
            subject=address(host, edge.ports.websecure) if host.startswith("*.") else "",
            places=self._located({Aspect.HOST: at, **self._common(host), **({Aspect.AUTH: users} if users else {})}),
            **self._expected(host),
        )

    def _expected(self, host: str) -> dict[str, Any]:
        """What the DNS must answer: what is published. Where nothing is published, nothing is expected."""
        records = self.published.get(host, ())
        if not records:
            return {}
        proxied = any(record.proxied for record in records)
        cname = next((record.content for record in records if record.type is RecordType.CNAME), None)
        if proxied or cname:  # the addresses belong to someone else
            return {"proxied": proxied, "cname": None if proxied else cname}
        return {
            "proxied": False,
            "ipv4": _addresses(records, RecordType.A),
            "ipv6": _addresses(records, RecordType.AAAA),
        }

    def _common(self, host: str) -> dict[str, Path]:
        """The places that a name shares with others. An aspect that the spec does not mention has none."""
        spec = self.spec
        places: dict[str, Path] = {}
        if "acme" in spec.model_fields_set:
            places[Aspect.ACME] = ("acme",)
        if "hsts" in spec.edge.model_fields_set:
            places[Aspect.HSTS] = ("edge", "hsts")
        if spec.edge.dashboard:
            places[Aspect.DASHBOARD] = ("edge", "dashboard")
        zone = publishing_zone(spec, host)
        return places if zone is None else {**places, **_domain_places(spec, zone, host)}

    def _located(self, paths: Mapping[str, Path]) -> dict[str, Location]:
        locate = self.locate
        return {} if locate is None else {aspect: locate(path) for aspect, path in paths.items()}


def _login(spec: Spec, name: str) -> str:
    """The host and port of the first service that Traefik asks before it lets a request through."""
    service = spec.services.get(name)
    used = passed(service.uses, spec.middlewares) if service is not None else ()
    asked = (str(getattr(item, "address", "")) for _, item in used if item.kind == "forward-auth")
    return next((urlsplit(url).netloc.rpartition("@")[2] for url in asked), "")


def _domain_places(spec: Spec, zone: str, host: str) -> dict[str, Path]:
    """Where the domain, or what differs for the host, says its addresses and whether it is proxied."""
    domain = spec.domains[zone]
    override = domain.hosts.get(host)
    own = ("domains", zone, "hosts", host)
    has_addresses = override is not None and bool(override.addresses is not None or override.cname)
    dns: Path = own if has_addresses else ("domains", zone, "addresses")
    if override is not None and override.proxied is not None:
        return {Aspect.DNS: dns, Aspect.PROXIED: (*own, "proxied")}
    return {Aspect.DNS: dns, Aspect.PROXIED: ("domains", zone, "proxied")}


def _addresses(records: Sequence[Record], kind: RecordType) -> tuple[str, ...] | None:
    """What one family must answer; None where it is this host's own address, which only that host knows."""
    contents = tuple(record.content for record in records if record.type is kind)
    return None if set(contents) & set(OWN.values()) else contents


def _of_service(found: _Names, name: str, service: ServiceBase) -> Iterator[Endpoint]:
    at: Path = ("services", name)
    users = (*at, "users") if service.password_users else None
    for place, host in service.host_places():
        yield from service.answers(found.endpoint(name, host, (*at, *place), users=users), host, str(place[0]))


def _dashboard(found: _Names) -> Iterator[Endpoint]:
    dashboard = found.spec.edge.dashboard
    if dashboard is not None:
        at: Path = ("edge", "dashboard")
        endpoint = found.endpoint(DASHBOARD, dashboard.host, (*at, "host"), users=(*at, "users"))
        yield replace(endpoint, kind=Kind.DASHBOARD)
