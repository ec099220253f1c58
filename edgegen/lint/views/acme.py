"""Certificates resolvers of a Traefik, with their challenges and their stores."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from edgegen.lint.model import Project, Service, Spot, Traefik, Value
from edgegen.lint.statics import is_on
from edgegen.lint.views.paths import Place, place_of

CHALLENGES = ("httpchallenge", "tlschallenge", "dnschallenge")


class Resolver(Struct, frozen=True):
    """One `certificatesresolvers.NAME.acme`."""

    traefik: Traefik
    name: str
    spot: Spot

    def get(self, option: str) -> Value | None:
        """An option below `acme`."""
        return self.traefik.static.get(f"certificatesresolvers.{self.name}.acme.{option}")

    def has(self, option: str) -> bool:
        """Whether an option, or one below it, is set and not switched off."""
        return is_on(self.traefik.static, f"certificatesresolvers.{self.name}.acme.{option}")

    @property
    def subject(self) -> str:
        """Its Traefik's service; its own name where only files are here."""
        return self.traefik.service.name if self.traefik.service else self.name

    @property
    def challenges(self) -> tuple[str, ...]:
        """Those that are set."""
        return tuple(name for name in CHALLENGES if self.has(name))

    def place(self, option: str) -> Spot:
        """Where an option is written, or else the resolver."""
        value = self.get(option)
        return value.spot if value else self.spot


class Store(Struct, frozen=True):
    """Where a resolver keeps its certificates. `place` is None where it is in the container's own layer."""

    resolver: Resolver
    service: Service
    path: str
    """In the container, absolute."""
    written: str
    """As it is configured."""
    spot: Spot
    place: Place | None

    @property
    def key(self) -> tuple[str, str, str]:
        """Two stores with the same one are the same file."""
        mount = self.place.mount if self.place else None
        rest = self.place.rest if self.place else self.path
        return (mount.kind, mount.source, rest) if mount else ("", "", rest)


def resolvers(project: Project) -> Iterator[Resolver]:
    """Every ACME resolver of every Traefik."""
    for traefik in project.traefiks:
        for name, spot in traefik.static.names("certificatesresolvers").items():
            if traefik.static.has(f"certificatesresolvers.{name}.acme"):
                yield Resolver(traefik, name, spot)


def stores(project: Project) -> Iterator[Store]:
    """The store of each resolver whose Traefik is a service here, and whose path is known."""
    for resolver in resolvers(project):
        value = resolver.get("storage")
        service = resolver.traefik.service
        if service is None or service.partial or (value is not None and not value.known):
            continue
        if value is None and resolver.traefik.static.hidden:
            continue
        written = value.text if value else "acme.json"
        path = posixpath.normpath(posixpath.join(str(service.data.get("working_dir") or "/"), written))
        yield Store(resolver, service, path, written, resolver.place("storage"), place_of(project, service, path))
