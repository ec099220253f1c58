"""Typed values as labels. Keys are lower case, lists comma separated, lists of objects indexed.

Source: Traefik's reference, "Docker labels"; what each mistake does was seen on Traefik 3.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.router import HttpRouter, HttpService, TcpRouter, TcpService, Tls, check_name

Labels = dict[str, str]


def router_labels(router: HttpRouter) -> Labels:
    """The labels of an HTTP router."""
    return _router(f"traefik.http.routers.{router.name}", router)


def tcp_router_labels(router: TcpRouter) -> Labels:
    """The labels of a TCP router."""
    return _router(f"traefik.tcp.routers.{router.name}", router)


def _router(prefix: str, router: HttpRouter | TcpRouter) -> Labels:
    labels = {f"{prefix}.rule": router.rule, f"{prefix}.entrypoints": ",".join(router.entrypoints)}
    if router.middlewares:
        labels[f"{prefix}.middlewares"] = ",".join(router.middlewares)
    labels[f"{prefix}.service"] = router.service
    if router.priority is not None:
        labels[f"{prefix}.priority"] = str(router.priority)
    if router.tls is not None:
        labels.update(_tls(f"{prefix}.tls", router.tls))
    return labels


def _tls(prefix: str, tls: Tls) -> Labels:
    labels = {prefix: "true"}
    if tls.certresolver:
        labels[f"{prefix}.certresolver"] = tls.certresolver
    if tls.options:
        labels[f"{prefix}.options"] = tls.options
    if tls.passthrough:
        labels[f"{prefix}.passthrough"] = "true"
    for index, domain in enumerate(tls.domains):
        labels[f"{prefix}.domains[{index}].main"] = domain.main
        if domain.sans:
            labels[f"{prefix}.domains[{index}].sans"] = ",".join(domain.sans)
    return labels


def service_labels(service: HttpService) -> Labels:
    """The labels of a service that is a container."""
    prefix = f"traefik.http.services.{service.name}.loadbalancer"
    labels: Labels = {}
    if service.port is not None:
        labels[f"{prefix}.server.port"] = str(service.port)
    if service.scheme != "http":
        labels[f"{prefix}.server.scheme"] = service.scheme
    if service.servers_transport:
        labels[f"{prefix}.serverstransport"] = service.servers_transport
    if not service.pass_host_header:
        labels[f"{prefix}.passhostheader"] = "false"
    if service.health_path:
        labels[f"{prefix}.healthcheck.path"] = service.health_path
    return labels


def tcp_service_labels(service: TcpService) -> Labels:
    """The labels of a TCP service."""
    return {f"traefik.tcp.services.{service.name}.loadbalancer.server.port": str(service.port)}


def middleware_labels(name: str, middleware: Middleware) -> Labels:
    """The labels of a middleware. Raises ValueError for a list item with a comma, which no label can carry."""
    check_name(name)
    section = "tcp" if middleware.is_tcp else "http"
    prefix = f"traefik.{section}.middlewares.{name}.{middleware.traefik_name.lower()}"
    options = middleware.options()
    return dict(_flat(prefix, options)) if options else {prefix: "true"}


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if not value:
            yield prefix, "true"
        for key, item in value.items():
            yield from _flat(f"{prefix}.{key}", item)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for index, item in enumerate(value):
            yield from _flat(f"{prefix}[{index}]", item)
    elif isinstance(value, list):
        yield prefix, ",".join(_item(prefix, item) for item in value)
    else:
        yield prefix, _scalar(value)


def _item(prefix: str, value: Any) -> str:
    text = _scalar(value)
    if "," in text:
        raise ValueError(f"`{text}` holds a comma, and {prefix} is a comma separated label: use it by name")
    return text


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
