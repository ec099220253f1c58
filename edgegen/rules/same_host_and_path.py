"""Two services with the same host and path.

What it does
    Refuses a host and path that two services claim; aliases and the dashboard count.

Why
    Traefik would serve one of them, chosen by the order of names.

Example
    two services with `host: www.commenthouse.com` and no `path`

Instead
    Another host, or a `path` for one of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec


def check(spec: Spec) -> Iterator[Violation]:
    """Hosts and paths that are claimed twice."""
    owners: dict[tuple[str, str, int | None], str] = {}
    for owner, host, path, port, at in _claims(spec):
        key = (host, (path or "/").rstrip("/") or "/", port)
        if key in owners and owners[key] != owner:
            where = host if key[1] == "/" else f"{host}{key[1]}"
            yield Violation(
                at, f"`{where}` is already served by `{owners[key]}`", "give one of them another host or path"
            )
        elif key in owners:
            yield Violation(at, f"`{host}` is named twice in `{owner}`", "remove one of them")
        else:
            owners[key] = owner


Claim = tuple[str, str, str | None, int | None, tuple[str | int, ...]]


def _claims(spec: Spec) -> Iterator[Claim]:
    for name, service in spec.services.items():
        path, port = getattr(service, "path", None), getattr(service, "listen", None)
        host = getattr(service, "host", None)
        if host:
            yield name, host, path, port, ("services", name, "host")
        for index, alias in enumerate(getattr(service, "aliases", ())):
            yield name, alias, path, port, ("services", name, "aliases", index)
    if spec.edge.dashboard:
        yield "dashboard", spec.edge.dashboard.host, None, None, ("edge", "dashboard", "host")
