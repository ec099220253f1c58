"""Routers and services as values, and as Traefik's file provider reads them.

Source: Traefik's reference, "Docker labels" and "File"; what each mistake does was seen on Traefik 3.7.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from edgegen.core.pattern import late_pattern

Data = dict[str, Any]
_NAME = late_pattern(r"[a-z0-9][a-z0-9-]*")
_REFERENCE = late_pattern(r"[A-Za-z0-9_.-]+(@[a-z0-9]+)?")
MAX_PRIORITY = 2**63 - 1 - 1000
"""The largest priority that Traefik leaves to users: above it a router is disabled."""


def check_name(name: str) -> None:
    """Raise ValueError for a name that Traefik would read differently: an `@` makes a router vanish, a dot nests."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"`{name}` can't be a name in Traefik: use a-z, 0-9 and hyphens")


def check_references(names: tuple[str, ...]) -> None:
    """Raise ValueError for a name of something else, `@provider` included, which a label would cut into two."""
    for name in names:
        if not _REFERENCE.fullmatch(name):
            raise ValueError(f"`{name}` can't be a reference in Traefik: write `name` or `name@provider`")


class Domain(Struct, frozen=True):
    """Names of one certificate, where they are not taken from the rule."""

    main: str
    sans: tuple[str, ...] = ()


class Tls(Struct, frozen=True):
    """TLS of a router. `passthrough` (TCP only) leaves the TLS to the service, so it excludes a resolver."""

    certresolver: str | None = None
    domains: tuple[Domain, ...] = ()
    options: str | None = None
    passthrough: bool = False

    def __post_init__(self) -> None:
        if self.passthrough and self.certresolver:
            raise ValueError("with passthrough the service has its own certificate: leave the resolver out")


def _check_router(router: HttpRouter | TcpRouter) -> None:
    check_name(router.name)
    if not router.rule or not router.entrypoints:
        # Without entrypoints a router attaches to all of them, plain HTTP included.
        raise ValueError(f"router `{router.name}` needs a rule and at least one entrypoint")
    check_references((*router.entrypoints, *router.middlewares, router.service))
    if router.priority is not None and not -MAX_PRIORITY <= router.priority <= MAX_PRIORITY:
        raise ValueError(f"the priority of router `{router.name}` must lie within ±{MAX_PRIORITY}")


class HttpRouter(Struct, frozen=True):
    """A router for HTTP. `service` and `middlewares` are names, `@provider` included where it is another one."""

    name: str
    rule: str
    entrypoints: tuple[str, ...]
    middlewares: tuple[str, ...]
    service: str
    tls: Tls | None = None
    priority: int | None = None

    def __post_init__(self) -> None:
        _check_router(self)
        if self.tls is not None and self.tls.passthrough:
            raise ValueError(f"router `{self.name}` speaks HTTP: passthrough belongs to TCP routers")


class TcpRouter(Struct, frozen=True):
    """A router for TCP."""

    name: str
    rule: str
    entrypoints: tuple[str, ...]
    service: str
    middlewares: tuple[str, ...] = ()
    tls: Tls | None = None
    priority: int | None = None

    def __post_init__(self) -> None:
        _check_router(self)


class HttpService(Struct, frozen=True):
    """Where an HTTP router sends requests: a container's port, or a URL (which excludes port and scheme)."""

    name: str
    port: int | None = None
    scheme: str = "http"
    """`http`, `https` or `h2c`."""
    url: str | None = None
    pass_host_header: bool = True
    servers_transport: str | None = None
    health_path: str | None = None
    """Where Traefik itself looks whether a server is well."""
    health_every: str | None = None
    """How often it looks, and how long it waits for the answer; Traefik's own 30s and 5s without it."""

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.url is not None and self.port is not None:
            raise ValueError(f"service `{self.name}` has a URL, which holds its port already")


class TcpService(Struct, frozen=True):
    """Where a TCP router sends connections: a container's port."""

    name: str
    port: int

    def __post_init__(self) -> None:
        check_name(self.name)


def router_dynamic(router: HttpRouter | TcpRouter) -> Data:
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
    if tls.passthrough:
        result["passthrough"] = True
    if tls.domains:
        result["domains"] = [
            {"main": domain.main, **({"sans": list(domain.sans)} if domain.sans else {})} for domain in tls.domains
        ]
    return result


def service_dynamic(service: HttpService) -> Data:
    """A service with a URL for the file provider. Raises ValueError without one: files can't name containers."""
    if service.url is None:
        raise ValueError(f"service `{service.name}` needs a URL in a file")
    return {"loadBalancer": {"servers": [{"url": service.url}], **balancer_options(service)}}


def balancer_options(service: HttpService) -> Data:
    """The options of a service besides its servers, in Traefik's spelling; unset options are left out."""
    options: Data = {}
    if not service.pass_host_header:
        options["passHostHeader"] = False
    if service.servers_transport:
        options["serversTransport"] = service.servers_transport
    if service.health_path:
        options["healthCheck"] = {"path": service.health_path}
        if service.health_every:
            options["healthCheck"] |= {"interval": service.health_every, "timeout": service.health_every}
    return options
