"""A text under a name: a container and its routers."""

from __future__ import annotations

from edgegen.spec.echo import Echo

from edgegen.compose.model import Service
from edgegen.kinds.parts import LOGGING, Context, Parts
from edgegen.kinds.routing import as_labels, http_routes
from edgegen.traefik.router import HttpService


def build(context: Context, name: str, service: Echo) -> Parts:
    """The container with its routers as labels."""
    hosts, paths, uses = service.own_hosts, service.own_paths, service.middlewares
    routes = http_routes(context, name, hosts, aliases=service.aliases, paths=paths, uses=uses)
    labels = as_labels(context, routes, HttpService(context.routed(name), port=5678))
    container = Service(
        image="hashicorp/http-echo:1.0.0", command=["-text", service.text], networks=[context.spec.edge.network],
        labels=labels, logging=LOGGING, extra=service.extra,
    )  # fmt: skip
    return Parts(service=container, secret_files=routes.secret_files, edge_secrets=routes.secrets)
