"""A registry behind Cloudflare's proxy.

What it does
    Refuses `proxied: true` on the host of a registry.

Why
    Cloudflare cuts request bodies at 100 MB (Free and Pro), and a push sends each layer in one request.

Example
    `domains: {commenthouse.com: {proxied: true}}` with `services: {registry: {kind: registry, host: commenthouse.com}}`

Instead
    `hosts: {commenthouse.com: {proxied: false}}` under the domain, or a separate host for the registry.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER001"


def check(spec: Spec) -> Iterator[Violation]:
    """Registries and caches whose host is proxied."""
    for name, registry in spec.registries.items():
        if registry.host and spec.is_proxied(registry.host):
            message = f"`{registry.host}` is a registry behind Cloudflare's proxy, which cuts uploads over 100 MB"
            hint = f"set `hosts: {{{registry.host}: {{proxied: false}}}}` under its domain"
            yield Violation(("services", name, "host"), message, hint)
