"""A router whose TLS does not fit its entrypoint.

What it does
    Reports an HTTP router without `tls` on an entrypoint for https, and one with `tls` that is only on an entrypoint
    for plain http. An entrypoint can have TLS for all its routers.

Why
    Traefik takes both and serves neither: a browser gets 404 with Traefik's own certificate, or can't connect.

Example
    `traefik.http.routers.web.entrypoints=websecure` without `tls`

Instead
    Add `traefik.http.routers.web.tls.certresolver=…`, or `traefik.http.routers.web.tls=true`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import address_of
from edgegen.traefik.go_values import FALSE

RULE = Rule("EL029", "tls-mismatch", Severity.MEDIUM)
_SECURE = frozenset(("https", "websecure", "web-secure", "web_secure"))
_OFF = {"", *FALSE}
_PLAIN = frozenset(("http", "web"))


def check(project: Project) -> Iterator[Found]:
    """HTTP routers with entrypoints."""
    edge = edge_of(project)
    for router in edge.of("routers", "http"):
        known = edge.entrypoints
        names = [name for name in router.words("entrypoints") if known is None or name in known]
        if not names:
            continue
        if not router.has_tls:
            if not router.whole or router.text("tls") not in _OFF:
                continue  # a word that is not a boolean is EL002's
            if secure := next((name for name in names if _is_secure(edge, name)), None):
                yield _without(edge, router, secure)
        elif all(_is_plain(edge, name) for name in names):
            yield _with(edge, router, names[0])


def _port(edge: Edge, name: str) -> int:
    address = address_of(edge.traefik.static.get(f"entrypoints.{name}.address")) if edge.traefik else None
    return address.port if address else 0


def _is_secure(edge: Edge, name: str) -> bool:
    """Whether visitors speak TLS there, and the entrypoint itself has none."""
    if edge.traefik is None:
        return name.lower() in _SECURE
    if edge.traefik.static.has(f"entrypoints.{name}.http.tls"):
        return False
    return _port(edge, name) in (443, 8443) or (name.lower() in _SECURE)


def _is_plain(edge: Edge, name: str) -> bool:
    if edge.traefik is None:
        return name.lower() in _PLAIN
    return _port(edge, name) == 80


def _without(edge: Edge, router: Defined, entrypoint: str) -> Found:
    seen = edge.traefik is not None
    unless = "" if seen else ", unless the entrypoint has TLS itself"
    message = f"the router `{shown(router.name)}` has no TLS and is on `{shown(entrypoint)}`: https gets 404{unless}"
    hint = f"add `traefik.http.routers.{shown(router.name)}.tls=true`"
    if edge.resolvers and len(edge.resolvers) == 1:
        hint = f"add `traefik.http.routers.{shown(router.name)}.tls.certresolver={next(iter(edge.resolvers))}`"
    severity, confidence = (None, None) if seen else (Severity.INFO, Confidence.LOW)
    return Found(router.owner, message, router.place("entrypoints"), hint, severity, confidence)


def _with(edge: Edge, router: Defined, entrypoint: str) -> Found:
    seen = edge.traefik is not None
    message = f"the router `{shown(router.name)}` has TLS and is only on `{shown(entrypoint)}`: plain http gets 404"
    severity, confidence = (None, None) if seen else (Severity.LOW, Confidence.LOW)
    hint = "name the entrypoint for https, or remove the `tls` labels"
    return Found(router.owner, message, router.place("entrypoints"), hint, severity, confidence)
