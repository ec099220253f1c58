"""A name that only points elsewhere: no container, two routers in the file provider."""

from __future__ import annotations

from edgegen.kinds.parts import Context, Parts
from edgegen.kinds.routing import as_dynamic, http_routes, redirect_to
from edgegen.spec.redirect import Redirect


def build(context: Context, name: str, service: Redirect) -> Parts:
    """Routers whose middlewares answer before any server is asked."""
    middlewares = redirect_to(service.to, keep_path=service.keep_path, permanent=service.permanent)
    routes = http_routes(context, name, service.own_hosts, uses=middlewares, service="noop@internal")
    return Parts(dynamic=as_dynamic(routes, None))
