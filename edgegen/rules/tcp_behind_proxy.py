"""A tcp service behind Cloudflare's proxy.

What it does
    Reports a name of `kind: tcp` that is proxied. The spec is rendered all the same.

Why
    Cloudflare's proxy carries only HTTP, on a few ports: on any other port nobody gets through, and on those it ends
    TLS itself.

Example
    `domains: {example.com: {proxied: true}}` with `{kind: tcp, host: pg.example.com, listen: 5432, …}`

Instead
    `hosts: {pg.example.com: {proxied: false}}` under the domain.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER038"


def check(spec: Spec) -> Iterator[Violation]:
    """Every proxied name of a tcp service."""
    for name, service in spec.services.items():
        for path, host in service.host_places() if service.own_entrypoint is not None else ():
            if spec.is_proxied(host):
                message = (
                    f"`{host}` is behind Cloudflare's proxy, which carries only HTTP: nobody gets through to {name}"
                )
                hint = f"set `hosts: {{{host}: {{proxied: false}}}}` under its domain"
                yield Violation(("services", name, *path), message, hint, refused=False, severity=Severity.HIGH)
