"""Routers and services as values, and as Traefik's file provider reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]*$")


def check_name(name: str) -> None:
    """Raise ValueError for a name that Traefik would read differently: an `@` makes a router vanish, a dot nests."""
    if not _NAME.match(name):
        raise ValueError(f"`{name}` can't be a name in Traefik: use a-z, 0-9 and hyphens")


@dataclass(frozen=True, slots=True)
class Domain:
    """Names of one certificate, where they are not taken from the rule."""

    main: str
    sans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tls:
    """TLS of a router."""

    certresolver: str | None = None
    domains: tuple[Domain, ...] = ()
    options: str | None = None
    passthrough: bool = False


@dataclass(frozen=True, slots=True)
class HttpRouter:
    """A router for HTTP. `service` and `middlewares` are names, `@provider` included where it is another one."""

    name: str
    rule: str
    entrypoints: tuple[str, ...]
    middlewares: tuple[str, ...]
    service: str
    tls: Tls | None = None
    priority: int | None = None

    def __post_init__(self) -> None:
        check_name(self.name)


@dataclass(frozen=True, slots=True)
class TcpRouter:
    """A router for TCP."""

    name: str
    rule: str
    entrypoints: tuple[str, ...]
    service: str
    middlewares: tuple[str, ...] = ()
    tls: Tls | None = None
    priority: int | None = None

    def __post_init__(self) -> None:
        check_name(self.name)


@dataclass(frozen=True, slots=True)
class HttpService:
    """Where an HTTP router sends requests: a container's port, or a URL."""

    name: str
    port: int | None = None
    scheme: str = "http"
    url: str | None = None
    pass_host_header: bool = True
    servers_transport: str | None = None
    health_path: str | None = None

    def __post_init__(self) -> None:
        check_name(self.name)


@dataclass(frozen=True, slots=True)
class TcpService:
    """Where a TCP router sends connections."""

    name: str
    port: int

    def __post_init__(self) -> None:
        check_name(self.name)


def router_dynamic(router: HttpRouter) -> Data:
    """A router for the file provider."""
    result: Data = {"rule": router.rule, "entryPoints": list(router.entrypoints)}
    if router.middlewares:
        result["middlewares"] = list(router.middlewares)
    result["service"] = router.service
    if router.priority is not None:
        result["priority"] = router.priority
    if router.tls is not None:
        result["tls"] = _tls_dynamic(router.tls)
    return result


def _tls_dynamic(tls: Tls) -> Data:
    result: Data = {}
    if tls.certresolver:
        result["certResolver"] = tls.certresolver
    if tls.options:
        result["options"] = tls.options
    if tls.domains:
        result["domains"] = [
            {"main": domain.main, **({"sans": list(domain.sans)} if domain.sans else {})} for domain in tls.domains
        ]
    return result


def service_dynamic(service: HttpService) -> Data:
    """A service with a URL for the file provider."""
    balancer: Data = {"servers": [{"url": service.url}]}
    if not service.pass_host_header:
        balancer["passHostHeader"] = False
    if service.servers_transport:
        balancer["serversTransport"] = service.servers_transport
    if service.health_path:
        balancer["healthCheck"] = {"path": service.health_path}
    return {"loadBalancer": balancer}
