"""The public hosts of a project on one page: what DNS answers for each, and the certificate that Traefik stores."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from edgegen.certificates.held import Holdings, Listed, label
from edgegen.endpoints import Endpoint

if TYPE_CHECKING:
    from edgegen.lookup import Reply
    from edgegen.project.sights import Asked

_KINDS = ("A", "AAAA")
Ask = Callable[[Sequence[tuple[str, str]]], "list[Reply]"]


class HostSeen(Struct, frozen=True):
    """One host. `expected` None: any address will do."""

    host: str
    addresses: tuple[str, ...] = ()
    expected: tuple[str, ...] | None = None
    unknown: str = ""
    """Why DNS could not be asked, or "" if it answered."""
    certificate: Listed | None = None
    unseen: str = ""
    """Why the store of certificates could not be read, or ""."""

    @property
    def dns(self) -> str:
        """`ok`, `none`, `differs` or `unknown`."""
        if self.unknown:
            return "unknown"
        if not self.addresses:
            return "none"
        return "ok" if self.expected is None or set(self.addresses) == set(self.expected) else "differs"

    def dns_text(self) -> str:
        """The addresses; what is wrong with them, if something is."""
        found = ", ".join(self.addresses)
        return {
            "ok": found,
            "none": "no address",
            "differs": f"{found} (edge.yaml: {', '.join(self.expected or ())})",
            "unknown": f"unknown: {self.unknown}",
        }[self.dns]

    def certificate_text(self, now: datetime) -> str:
        """Who issued it and how long it is valid."""
        if self.certificate is None:
            return f"unknown: {self.unseen}" if self.unseen else "none yet"
        own = self.certificate.certificate
        days = math.floor(self.certificate.days_left(now))
        return f"{own.issuer_name}, until {own.not_after:%Y-%m-%d} ({days} days)"

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The object of `status --json`'s `hosts` list."""
        return {
            "host": self.host,
            "dns": self.dns,
            "addresses": list(self.addresses),
            "expected": None if self.expected is None else list(self.expected),
            "certificate": self.certificate.as_json(now) if self.certificate else None,
            "certificate_unknown": self.unseen,
        }


def hosts_seen(project: Path, environment: str | None, asked: Asked, ask: Ask | None = None) -> tuple[HostSeen, ...]:
    """All hosts of the spec that speak TLS. Raises SpecError, RefusedError and LocalIOError; the network is data."""
    from edgegen.project.certificates import gather

    held = gather(project, environment, None, lambda _done, _total: None, asked)
    return joined(held, ask or _resolver)


def joined(held: Holdings, ask: Ask) -> tuple[HostSeen, ...]:
    """What is stored, and what DNS answers."""
    names = [label(host) for host in held.hosts]
    asked = [host.host for host in held.hosts]
    replies = ask([(name, kind) for name in asked for kind in _KINDS]) if asked else []
    of: Mapping[str, list[Reply]] = {name: replies[2 * at : 2 * at + 2] for at, name in enumerate(names)}
    return tuple(_seen(held, host, of[label(host)]) for host in held.hosts)


def _seen(held: Holdings, host: Endpoint, replies: Sequence[Reply]) -> HostSeen:
    stored = held.stored_for(host.host)
    silent = next((str(reply.status) for reply in replies if not reply.status.tells), "")
    addresses = tuple(sorted({value for reply in replies for value in reply.values}))
    return HostSeen(
        label(host),
        addresses,
        _expected(host),
        "" if addresses else silent,
        stored[0] if stored else None,
        held.unseen or (f"the edge of project `{held.kept_by}` stores it" if held.kept_by else ""),
    )


def _expected(host: Endpoint) -> tuple[str, ...] | None:
    """None where the spec says nothing, or DNS answers with someone else's addresses."""
    if host.proxied or host.cname or (host.ipv4 is None and host.ipv6 is None):
        return None
    return (*(host.ipv4 or ()), *(host.ipv6 or ()))


def _resolver(wanted: Sequence[tuple[str, str]]) -> list[Reply]:
    from edgegen.lookup import ask_through, system_servers

    return ask_through(system_servers(), wanted)
