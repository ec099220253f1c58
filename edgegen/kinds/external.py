"""A server outside Docker that is served through the edge."""

from __future__ import annotations

from edgegen.kinds.parts import Context, Parts
from edgegen.kinds.routing import any_certificate, as_dynamic, http_routes
from edgegen.spec.external import External
from edgegen.traefik.router import HttpService


def build(context: Context, name: str, service: External) -> Parts:
    """Routers and a service with a URL, all in the file provider."""
    routes = http_routes(
        context, name, service.own_hosts, aliases=service.aliases, paths=service.own_paths, uses=service.middlewares
    )
    transport, defined = any_certificate(name) if service.insecure_tls else (None, {})
    backend = HttpService(name, url=service.url, pass_host_header=service.pass_host, servers_transport=transport)
    dynamic = as_dynamic(routes, backend)
    dynamic["http"].update(defined)
    return Parts(dynamic=dynamic, secret_files=routes.secret_files, edge_secrets=routes.secrets)
