"""The TLS-ALPN challenge behind Cloudflare's proxy.

What it does
    Refuses `acme.challenge: tls` where a public host is proxied.

Why
    The proxy ends TLS itself: the authority never reaches Traefik on port 443.

Example
    `acme: {challenge: tls}` with `proxied: true`

Instead
    `acme: {challenge: dns}`, which works in every case.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER002"


def check(spec: Spec) -> Iterator[Violation]:
    """The first proxied host, if certificates are ordered by TLS-ALPN."""
    if spec.acme.challenge != "tls" or spec.acme.is_local:
        return
    for name, host in spec.public_hosts():
        if spec.is_proxied(host):
            message = f"the tls challenge can't work for `{host}` of {name}: Cloudflare's proxy ends TLS before Traefik"
            yield Violation(("acme", "challenge"), message, "use `challenge: dns`")
            return
