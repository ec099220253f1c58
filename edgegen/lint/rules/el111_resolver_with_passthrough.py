"""A certificates resolver of a router that passes TLS through.

What it does
    Reports a TCP router with `tls.passthrough` and a `tls.certresolver`.

Why
    TLS ends in the service, with the service's own certificate. Traefik orders one as well, renews it, and never shows
    it; where its challenge can't be answered, it tries again until the authority's limit of failures.

Example
    `traefik.tcp.routers.db.tls.passthrough=true` with `traefik.tcp.routers.db.tls.certresolver=le`

Instead
    Only `traefik.tcp.routers.db.tls.passthrough=true`; or only `tls.certresolver`, for a service without TLS.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.traefik.go_values import TRUE

RULE = Rule("EL111", "resolver-with-passthrough", Severity.LOW)
_OPTION = "tls.certresolver"


def check(project: Project) -> Iterator[Found]:
    """TCP routers."""
    for router in edge_of(project).of("routers", "tcp"):
        resolver = router.text(_OPTION)
        if resolver and router.text("tls.passthrough") in TRUE:
            name = shown(router.name)
            message = (
                f"`{name}` passes TLS through, and nobody sees the certificate that `{shown(resolver)}` orders for it"
            )
            yield Found(router.owner, message, router.place(_OPTION), "remove the resolver, or the passthrough")
