"""A wildcard host without the DNS-01 challenge.

What it does
    Refuses hosts like `*.example.com` unless `acme.challenge` is `dns`, or `acme.ca` is `local`.

Why
    Authorities issue wildcard certificates only by DNS-01 (RFC 8555, and Let's Encrypt's challenge types).

Example
    `host: "*.commenthouse.com"` with `acme: {challenge: http}`

Instead
    `acme: {challenge: dns}`, or one service for each name.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER003"


def check(spec: Spec) -> Iterator[Violation]:
    """Services whose host is a wildcard while certificates come by another challenge than dns."""
    if (
        spec.acme.is_local or spec.acme.challenge == "dns" or spec.edge.use
    ):  # `up` asks the other project's Traefik for its challenge
        return
    for name, service in spec.services.items():
        wild = next(((place, host) for place, host in service.host_places() if host.startswith("*.")), None)
        if wild is not None:
            message = f"`{wild[1]}` is a wildcard, and certificates for wildcards are only issued by the DNS challenge"
            yield Violation(("services", name, *wild[0]), message, "set `acme: {challenge: dns}`")
