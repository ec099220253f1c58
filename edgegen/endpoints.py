"""What `verify` looks at: a public name and what is expected of it. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from edgegen.core.location import Location


class Expectation(StrEnum):
    """What answers behind the name."""

    WEB = "web"
    REGISTRY = "registry"
    REDIRECT = "redirect"
    TCP_TLS = "tcp-tls"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One public host and what the spec promises of it."""

    host: str
    service: str
    expects: Expectation = Expectation.WEB
    port: int = 443
    path: str = "/"
    addresses: tuple[str, ...] = ()
    proxied: bool = False
    http_redirect: bool = True
    hsts: bool = False
    requires_auth: bool = False
    anonymous_pull: bool = False
    delete_enabled: bool = False
    redirect_to: str = ""
    staging: bool = False
    where: Location | None = None
