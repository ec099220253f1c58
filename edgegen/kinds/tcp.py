"""A service that does not speak HTTP: found by its name in the TLS hello, on its own entrypoint."""

from __future__ import annotations

from msgspec.structs import replace

from edgegen.kinds.composed import composed
from edgegen.kinds.container import on_edge, secrets_of, shape
from edgegen.kinds.parts import Context, Data, Parts
from edgegen.kinds.routing import enabling_labels, own_middlewares
from edgegen.spec.tcp import Tcp
from edgegen.traefik.labels import middleware_labels, tcp_router_labels, tcp_service_labels
from edgegen.traefik.router import TcpRouter, TcpService, Tls
from edgegen.traefik.rules import host_sni_rule
from edgegen.traefik.static import EntryPoint


def build(context: Context, name: str, service: Tcp) -> Parts:
    """The container with a TCP router, and the entrypoint that it listens on."""
    tls = Tls(passthrough=True) if service.passthrough else Tls(certresolver=context.resolver)
    references, own = own_middlewares(context, name, service.middlewares)
    rule = host_sni_rule(service.own_hosts)
    router = TcpRouter(name, rule, (service.entrypoint,), service=name, middlewares=references, tls=tls)
    labels: Data = {
        **enabling_labels(context),
        **tcp_router_labels(router),
        **tcp_service_labels(TcpService(name, port=service.port)),
    }
    for key, item in own.items():
        labels.update(middleware_labels(key, item.middleware))
    labels.update(composed(service.labels | service.traefik_labels))
    shaped = shape(name, service)
    # Its `entrypoint` is Traefik's, not a command of the container.
    container = replace(on_edge(context, shaped), entrypoint=None, ports=shaped.ports or None, labels=labels)
    return Parts(
        service=container,
        entrypoints=(EntryPoint(service.entrypoint, f":{service.listen}"),),
        **secrets_of(name, service),
    )
