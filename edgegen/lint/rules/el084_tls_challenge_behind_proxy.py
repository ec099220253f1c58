"""A challenge over TLS that a proxy in front cannot pass on.

What it does
    Reports `tlschallenge` where an entrypoint trusts the forwarded headers of Cloudflare's addresses and of no other
    public ones.

Why
    Cloudflare ends TLS itself, so the authority never meets Traefik, and the challenge fails. Whether a name is
    proxied is set in the zone and not in these files.

Example
    `tlschallenge=true` with `forwardedheaders.trustedips` of Cloudflare's ranges

Instead
    `dnschallenge.provider=cloudflare`, or an origin certificate of Cloudflare.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from edgegen.core.cloudflare import all_cloudflares
from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.views.acme import resolvers

RULE = Rule("EL084", "tls-challenge-behind-proxy", Severity.LOW, Confidence.LOW)


def check(project: Project) -> Iterator[Found]:
    """Each such resolver."""
    for resolver in resolvers(project):
        if resolver.challenges != ("tlschallenge",):
            continue
        static = resolver.traefik.static
        for name in static.names("entrypoints"):
            value = static.get(f"entrypoints.{name}.forwardedheaders.trustedips")
            if value is not None and value.known and _only_cloudflare(value.text):
                yield Found(
                    resolver.subject,
                    f"`{name}` is behind Cloudflare, which ends TLS itself: the `tlschallenge` of `{resolver.name}` "
                    "fails for every proxied name",
                    resolver.place("tlschallenge"),
                    "use `dnschallenge.provider=cloudflare`",
                )
                break


def _only_cloudflare(text: str) -> bool:
    ranges = [word.strip() for word in text.split(",") if word.strip()]
    public = [word for word in ranges if not _is_private(word)]
    return bool(public) and all_cloudflares(word.partition("/")[0] for word in public)


def _is_private(text: str) -> bool:
    try:
        return ipaddress.ip_network(text, strict=False).is_private
    except ValueError:
        return False
