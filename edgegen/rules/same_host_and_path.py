"""Two services with the same host and path.

What it does
    Refuses a host and path that two services claim; the dashboard counts, and so do aliases, which take their whole
    host. Services of one host may share an alias: all of it goes to that host.

Why
    Traefik would serve one of them, chosen by the order of names.

Example
    two services with `host: www.commenthouse.com` and no `path`

Instead
    Another host, or a `path` for one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edgegen.core.location import Path
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER011"


def check(spec: Spec) -> Iterator[Violation]:
    """Hosts and paths that are claimed twice."""
    owners: dict[tuple[str, str, int | None], Claim] = {}
    twice: dict[Path, Violation] = {}
    for claim in _claims(spec):
        key = (claim.host, (claim.path or "/").rstrip("/") or "/", claim.port)
        first = owners.setdefault(key, claim)
        if first is claim:
            continue
        if first.at == claim.at:
            at = ("services", claim.owner, "paths")
            twice.setdefault(
                at, Violation(at, f"`{claim.path}` is named twice in `{claim.owner}`", "remove one of them")
            )
        elif first.owner == claim.owner:
            said = f"`{claim.host}` is named twice in `{claim.owner}`"
            twice.setdefault(claim.at, Violation(claim.at, said, "remove one of them"))
        elif first.target is None or first.target != claim.target:
            where = claim.host if key[1] == "/" else f"{claim.host}{key[1]}"
            yield Violation(
                claim.at, f"`{where}` is already served by `{first.owner}`", "give one of them another host or path"
            )

    # With several paths a name occurs several times, but each mistake is reported once.
    yield from twice.values()


class Claim(NamedTuple):
    """The requests that one service wants."""

    owner: str
    host: str
    path: str | None
    port: int | None
    at: Path
    target: str | None = None
    """The host that an alias is redirected to."""


def _claims(spec: Spec) -> Iterator[Claim]:
    for name, service in spec.services.items():
        port = service.own_entrypoint[1] if service.own_entrypoint else None
        for key, host in service.host_places():
            at = ("services", name, *key)
            if key[0] != "aliases":
                yield from (Claim(name, host, path, port, at) for path in service.own_paths)
                continue
            # Whatever the service's path is, an alias is redirected as a whole.
            target = service.own_hosts[0] if host in service.alias_hosts else None
            yield Claim(name, host, None, port, at, target)
    if spec.edge.dashboard:
        yield Claim("dashboard", spec.edge.dashboard.host, None, None, ("edge", "dashboard", "host"))
