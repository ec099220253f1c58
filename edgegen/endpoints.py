"""What must answer from the outside, as plain data: what `desired` wants and what `verify` looks at. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from msgspec import Struct, field

from edgegen.core.location import Location

LOCAL = "local"
"""`acme: {ca: local}`: a certificate authority of edgegen's own, which nobody else trusts."""


class Kind(StrEnum):
    """What an endpoint is, and so which checks it gets."""

    WEB = "web"
    REGISTRY = "registry"
    REDIRECT = "redirect"
    """Only points elsewhere: a service of that kind, or an alias."""
    DASHBOARD = "dashboard"
    TLS = "tls"
    """TLS without HTTP: a tcp service of which Traefik ends the TLS."""
    TCP = "tcp"
    """A tcp service that is passed through: what it speaks is its own matter; only its TLS is looked at."""


class Aspect(StrEnum):
    """The part of the spec that owns an expectation: where a finding points to."""

    HOST = "host"
    DNS = "dns"
    PROXIED = "proxied"
    ACME = "acme"
    AUTH = "auth"
    HSTS = "hsts"
    DASHBOARD = "dashboard"


class Goal(Struct, frozen=True):
    """Where a redirect leads. `permanent` None: either will do."""

    url: str
    keep_path: bool = True
    permanent: bool | None = True

    def url_for(self, path: str, query: str = "") -> str:
        """The URL for a path that was asked for. Raises ValueError where the goal is not a URL."""
        if not self.keep_path:
            return self.url
        parts = urlsplit(self.url)
        joined = "&".join(part for part in (parts.query, query) if part)
        return parts._replace(path=parts.path.rstrip("/") + path, query=joined).geturl()


class Endpoint(Struct, frozen=True):
    """One public name with everything that is expected of it. None means that nobody has said: then it is not judged.

    `ipv4`, `ipv6`: the addresses that DNS must answer; `()` is "none at all", None is "any".
    """

    name: str
    """The service, `dashboard`, or in a run without a spec the host."""
    host: str
    """The name that is asked for. For a wildcard a name below it; `subject` then has the wildcard."""
    kind: Kind = Kind.WEB
    port: int = 443
    path: str = "/"
    web_port: int | None = 80
    """Where plain HTTP must redirect to https; None: not checked."""
    ipv4: tuple[str, ...] | None = None
    ipv6: tuple[str, ...] | None = None
    cname: str | None = None
    proxied: bool | None = None
    zone: str | None = None
    """The zone whose authoritative servers are asked; None: only the resolver is asked."""
    ca: str = ""
    """letsencrypt, letsencrypt-staging, zerossl, another authority's directory URL, or "" for "any that is trusted"."""
    challenge: str = ""
    """http, tls, dns or ""."""
    restart: str = "docker compose restart traefik"
    """The command that restarts the Traefik before it."""
    hsts: bool | None = None
    """True: wanted. None: nobody has said; its lack is a remark all the same. False: turned off, not judged."""
    asks_first: str = ""
    """The host and port of a login service that Traefik asks before each request (`forward-auth`); "" where none is."""
    goal: Goal | None = None
    """What a REDIRECT endpoint answers with."""
    redirects: Mapping[str, Goal] = field(default_factory=dict)
    """The names of the spec that only point elsewhere, and where: a redirect to one of them may lead back here."""
    asks_password: bool = True
    """REGISTRY: `/v2/` must answer 401 without credentials. Also true with `anonymous: pull`."""
    proxy_auth: bool = False
    """REGISTRY: it is Traefik that asks for the password, as the spec wants (`anonymous: pull`)."""
    writable: bool = True
    """REGISTRY: takes pushes (a pull-through cache does not)."""
    deletes: bool = False
    """REGISTRY: deletion is on."""
    subject: str = ""
    """How findings call it; "": the host, with the port where it is not 443."""
    places: Mapping[str, Location] = field(default_factory=dict)
    """Aspect -> line of the spec. `host` is there whenever a spec is."""

    def __hash__(self) -> int:
        return hash((self.name, self.host, self.kind, self.port, self.path))

    @property
    def authority(self) -> str:
        """Its host, with the port where it is not 443: as Docker names a registry."""
        return self.host if self.port == 443 else f"{self.host}:{self.port}"

    @property
    def shown(self) -> str:
        """The subject of its findings."""
        return self.subject or self.authority

    @property
    def has_spec(self) -> bool:
        """Whether it is in a spec: then edgegen's own commands can fix it. Otherwise it is anyone's host."""
        return bool(self.places or self.ca or self.zone)

    @property
    def is_renewed_by_a_public_authority(self) -> bool:
        """Whether Traefik will ask one for its next certificate, which then asks the DNS who may issue it."""
        return self.ca not in ("", LOCAL) and "://" not in self.ca and self.kind is not Kind.TCP

    @property
    def may_name_a_token_server(self) -> bool:
        """REGISTRY: whether it may send its users to a token server, which then sees their password.

        What edge.yaml renders asks for the password itself. A host of anybody may have one, as with Docker.
        """
        return not self.has_spec

    @property
    def speaks_http(self) -> bool:
        """Whether HTTP is asked over its TLS."""
        return self.kind not in (Kind.TLS, Kind.TCP)

    @property
    def is_for_browsers(self) -> bool:
        """Whether people open it, and not only programs, which are content with more kinds of certificates."""
        return self.speaks_http and self.kind is not Kind.REGISTRY

    @property
    def url(self) -> str:
        """Its address as a person writes it."""
        return f"https://{self.authority}{self.path}"

    def place(self, aspect: str = Aspect.HOST) -> Location | None:
        """The line of the spec that owns an aspect; the host's line where the aspect doesn't have one."""
        return self.places.get(aspect) or self.places.get(Aspect.HOST)
