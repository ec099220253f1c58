"""Routers and services as values, and as Traefik's file provider reads them.

Source: Traefik's reference, "Docker labels" and "File"; what each mistake does was seen on Traefik 3.7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

Data = dict[str, Any]
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_REFERENCE = re.compile(r"[A-Za-z0-9_.-]+(@[a-z0-9]+)?")
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


@dataclass(frozen=True, slots=True)
class Domain:
    """Names of one certificate, where they are not taken from the rule."""

    main: str
    sans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tls:
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
        _check_router(self)
        if self.tls is not None and self.tls.passthrough:
            raise ValueError(f"router `{self.name}` speaks HTTP: passthrough belongs to TCP routers")


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
        _check_router(self)


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """Traefik's own look at the servers of a service. Durations as Go writes them; unset ones are Traefik's."""

    path: str
    interval: str | None = None
    timeout: str | None = None
    status: int | None = None
    """The code that means health; any from 200 to 399 by default."""
    port: int | None = None
    scheme: str | None = None
    hostname: str | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Sticky:
    """A cookie that keeps a client at one server."""

    cookie: str
    secure: bool = True
    http_only: bool = True
    same_site: Literal["none", "lax", "strict"] | None = "lax"
    max_age: int | None = None
    """Seconds; a session cookie by default."""


@dataclass(frozen=True, slots=True)
class HttpService:
    """Where an HTTP router sends requests: a container's port, or a URL (which excludes port and scheme)."""

    name: str
    port: int | None = None
    scheme: str = "http"
    """`http`, `https` or `h2c`."""
    url: str | None = None
    pass_host_header: bool = True
    servers_transport: str | None = None
    health_path: str | None = None
    """Short for `health_check=HealthCheck(path)`."""
    health_check: HealthCheck | None = None
    sticky: Sticky | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.url is not None and self.port is not None:
            raise ValueError(f"service `{self.name}` has a URL, which holds its port already")
        if self.health_path and self.health_check:
            raise ValueError(f"service `{self.name}` has two health checks")

    @property
    def health(self) -> HealthCheck | None:
        """The health check, however it was given."""
        return HealthCheck(self.health_path) if self.health_path else self.health_check


@dataclass(frozen=True, slots=True)
class TcpService:
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
    """A service with a URL for the file provider. Raises ValueError without one: files know no containers."""
    if service.url is None:
        raise ValueError(f"service `{service.name}` needs a URL in a file")
    return {"loadBalancer": {"servers": [{"url": service.url}], **balancer_options(service)}}


def balancer_options(service: HttpService) -> Data:
    """What a service says beside its servers, in Traefik's spelling; unset options are left out."""
    options: Data = {}
    if not service.pass_host_header:
        options["passHostHeader"] = False
    if service.servers_transport:
        options["serversTransport"] = service.servers_transport
    if service.health:
        options["healthCheck"] = _health(service.health)
    if service.sticky:
        options["sticky"] = {"cookie": _cookie(service.sticky)}
    return options


def _health(check: HealthCheck) -> Data:
    options = {
        "path": check.path,
        "interval": check.interval,
        "timeout": check.timeout,
        "status": check.status,
        "port": check.port,
        "scheme": check.scheme,
        "hostname": check.hostname,
        "method": check.method,
    }
    return {key: value for key, value in options.items() if value is not None}


def _cookie(sticky: Sticky) -> Data:
    cookie: Data = {"name": sticky.cookie, "secure": sticky.secure, "httpOnly": sticky.http_only}
    if sticky.same_site is not None:
        cookie["sameSite"] = sticky.same_site
    if sticky.max_age is not None:
        cookie["maxAge"] = sticky.max_age
    return cookie
