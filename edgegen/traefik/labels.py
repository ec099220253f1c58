"""Typed values as labels. Keys are lower case, lists comma separated, lists of objects indexed.

Source: Traefik's reference, "Docker labels"; what each mistake does was seen on Traefik 3.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.router import (
    HttpRouter,
    HttpService,
    TcpRouter,
    TcpService,
    balancer_options,
    check_name,
    router_dynamic,
)  # fmt: skip

Labels = dict[str, str]
_ELSEWHERE = "Declare it under `middlewares:` and use it by its name"


def router_labels(router: HttpRouter) -> Labels:
    """The labels of an HTTP router."""
    return _router(f"traefik.http.routers.{router.name}", router)


def tcp_router_labels(router: TcpRouter) -> Labels:
    """The labels of a TCP router."""
    return _router(f"traefik.tcp.routers.{router.name}", router)


def _router(prefix: str, router: HttpRouter | TcpRouter) -> Labels:
    options = router_dynamic(router)
    tls = options.pop("tls", None)
    labels = dict(_flat(prefix, options))
    # With other options of `tls` the flag itself would not be needed, but it says what they are for.
    return labels if tls is None else {**labels, f"{prefix}.tls": "true", **dict(_flat(f"{prefix}.tls", tls))}


def service_labels(service: HttpService) -> Labels:
    """The labels of a service that is a container. With a URL the port and the scheme are in there."""
    prefix = f"traefik.http.services.{service.name}.loadbalancer"
    labels: Labels = {}
    if service.url is not None:
        labels[f"{prefix}.server.url"] = service.url
    if service.port is not None:
        labels[f"{prefix}.server.port"] = str(service.port)
    if service.url is None and service.scheme != "http":
        labels[f"{prefix}.server.scheme"] = service.scheme
    if options := balancer_options(service):
        labels.update(_flat(prefix, options))
    return labels


def tcp_service_labels(service: TcpService) -> Labels:
    """The labels of a TCP service."""
    return {f"traefik.tcp.services.{service.name}.loadbalancer.server.port": str(service.port)}


def middleware_labels(name: str, middleware: Middleware) -> Labels:
    """The labels of a middleware.

    Raises ValueError for what no label can carry: a list item with a comma or with space around it, an empty item,
    a key with a dot or a bracket.
    """
    check_name(name)
    section = "tcp" if middleware.is_tcp else "http"
    prefix = f"traefik.{section}.middlewares.{name}.{middleware.traefik_name.lower()}"
    options = middleware.options()
    return dict(_flat(prefix, options)) if options else {prefix: "true"}


def dynamic_labels(prefix: str, data: dict[str, Any]) -> Labels:
    """A router, service or middleware of the file provider as labels. Raises ValueError for what no label can carry."""
    return {**({f"{prefix}.tls": "true"} if "tls" in data else {}), **dict(_flat(prefix, data))}


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(f"{prefix}.{_key(prefix, str(key))}", item)
        if not value:
            yield prefix, "true"
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for index, item in enumerate(value):
            yield from _flat(f"{prefix}[{index}]", item)
    elif isinstance(value, list):
        yield prefix, ",".join(_item(prefix, item) for item in value)
    else:
        yield prefix, _scalar(value)


def _key(prefix: str, key: str) -> str:
    if not key or any(mark in key for mark in ".[]= "):
        raise ValueError(f"`{key}` can't be the last part of {prefix}: labels nest at dots and brackets. {_ELSEWHERE}")
    return key.lower()


def _item(prefix: str, value: Any) -> str:
    text = _scalar(value)
    if "," in text or text != text.strip() or not text:
        what = "holds a comma" if "," in text else "is empty or has space around it"
        raise ValueError(f"`{text}` {what}, and {prefix} is a comma separated label. {_ELSEWHERE}")
    return text


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
