"""What Traefik's file provider reads: TLS options, shared middlewares, services outside Docker."""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.desired.edge import DASHBOARD_AUTH, merged_dynamic
from edgegen.desired.used import used_middlewares
from edgegen.kinds.middlewares import Placed, placed, shared_middlewares
from edgegen.kinds.parts import Context, Data, Parts
from edgegen.kinds.routing import as_dynamic, edge_middlewares, http_routes
from edgegen.traefik.middlewares import parse_middleware, tcp_form

# Source: Mozilla's server side TLS guidelines, 5.7, configuration "intermediate". Suites of TLS 1.3 are not chosen.
INTERMEDIATE_SUITES = [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
]

TLS, MIDDLEWARES, SERVICES = FILES = ("tls.yml", "middlewares.yml", "services.yml")
"""The files that edgegen writes there."""


def dynamic_files(context: Context, shared: dict[str, Placed], parts: Sequence[Parts]) -> dict[str, Data]:
    """File name -> content, for the files that have any. Another project's Traefik reads none of them."""
    if not context.spec.has_own_edge:
        return {}
    routed = merged_dynamic([*(part.dynamic for part in parts), _dashboard(context)])
    middlewares = {name: item.middleware.dynamic() for name, item in shared.items() if not item.middleware.is_tcp}
    for_tcp = _for_tcp(context, shared)
    if routed or context.labels_are_shared:
        # Routers of the file provider can't see middlewares that are labels of containers.
        used = used_middlewares(context, parts if context.labels_are_shared else (), routed)
        own = {name: item.dynamic() for name, item in edge_middlewares(context).items() if name in used}
        middlewares = {**own, **middlewares}
    options = {"minVersion": "VersionTLS12", "cipherSuites": INTERMEDIATE_SUITES, "sniStrict": False}
    files: dict[str, Data] = {TLS: {"tls": {"options": {"default": options}}}}
    sections = {"http": middlewares, "tcp": for_tcp}
    if written := {section: {"middlewares": items} for section, items in sections.items() if items}:
        files[MIDDLEWARES] = written
    if routed:
        files[SERVICES] = routed
    return files


def _for_tcp(context: Context, shared: dict[str, Placed]) -> Data:
    """Shared middlewares as TCP routers use them: Traefik keeps them apart from those of HTTP."""
    services = context.spec.services.values()
    used = {use for service in services if not service.speaks_http for use in service.uses if isinstance(use, str)}
    forms = {name: tcp_form(item.middleware) for name, item in shared.items() if item.middleware.is_tcp or name in used}
    return {name: form.dynamic() for name, form in forms.items() if form is not None}


def shared_placed(context: Context) -> dict[str, Placed]:
    """Shared middlewares with their secrets moved to files."""
    return {name: placed(context, item, name) for name, item in shared_middlewares(context.spec).items()}


def _dashboard(context: Context) -> Data:
    dashboard = context.spec.edge.dashboard
    if dashboard is None:
        return {}
    users = parse_middleware({"kind": "basic-auth", "users_file": f"/etc/{DASHBOARD_AUTH}/dashboard/htpasswd"})
    routes = http_routes(context, "dashboard", [dashboard.host], uses=[users], service="api@internal")
    return as_dynamic(routes, None)
