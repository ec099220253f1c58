"""`volumes:`, `networks:`, `edge:`: what services share."""

import ipaddress
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.validators import WHEN_MET, Before, no_items, no_keys
from edgegen.spec.base import (
    Bytes,
    DurationText,
    Extra,
    Flag,
    HintedError,
    Host,
    Image,
    IpAddress,
    NetworkName,
    PortNumber,
    Project,
    Scalar,
    SpecModel,
    Text,
    User,
    Whole,
)
from edgegen.spec.compose_values import OR_VARIABLE


class Volume(SpecModel):
    """A named volume."""

    external: Flag = False
    """Created outside this project; `edgegen up` creates it if it is missing."""
    name: Text | None = None
    """Its real name. Example: `wordpress_db`."""
    driver: Text | None = None
    """Volume driver. Example: `local`."""
    driver_opts: dict[str, Scalar] = Field(default_factory=no_keys)
    """Options of the driver. Example: `{type: nfs, o: "addr=192.0.2.20,rw", device: ":/exports/data"}`."""

    @model_validator(mode="after")
    def _external_has_no_driver(self) -> Self:
        if self.external and (self.driver or self.driver_opts):
            raise ValueError("an external volume can't have a `driver`: Compose refuses the pair")
        return self


class Network(SpecModel):
    """A network."""

    external: Flag = False
    """Created outside this project; `edgegen up` creates it if it is missing."""
    name: Text | None = None
    """Its real name. Example: `shared_backend`."""
    internal: Flag = False
    """Without access to the internet."""
    driver: Text | None = None
    """Network driver. Example: `bridge`."""
    attachable: Annotated[Flag, OR_VARIABLE] | None = None
    """Whether standalone containers may join (Swarm)."""
    enable_ipv6: Annotated[Flag, OR_VARIABLE] | None = None
    """IPv6 inside the network."""
    encrypted: Flag = False
    """Encrypt what containers of different nodes send to each other (`target: swarm` only). The kernel of every node
    needs ESP for it, and UDP 4789 and protocol 50 must pass between them."""

    @model_validator(mode="after")
    def _external_has_no_driver(self) -> Self:
        if self.encrypted and (self.external or self.driver not in (None, "overlay")):
            which = "an external network" if self.external else f"a network with the driver `{self.driver}`"
            message = f"{which} can't be `encrypted`: Docker encrypts an overlay when it creates it"
            raise HintedError(message, "remove `encrypted`", "encrypted")
        if self.external and (self.driver or self.internal):
            raise ValueError("an external network can't have `driver` or `internal`: they belong to whoever made it")
        return self


def _none_is_empty(value: object) -> object:
    return {} if value is None else value


VolumeEntry = Annotated[Volume, Before(_none_is_empty), AlsoAccepts("null")]
NetworkEntry = Annotated[Network, WHEN_MET, Before(_none_is_empty), AlsoAccepts("null")]


def _cidr(value: object) -> object:
    try:
        return str(ipaddress.ip_network(str(value), strict=False))
    except ValueError:
        raise ValueError(f"`{str(value)[:60]}` is not an address range like 198.51.100.0/24") from None


def _seconds(value: object) -> object:
    """A plain number is seconds, as for Traefik."""
    return f"{value}s" if isinstance(value, int) and not isinstance(value, bool) else value


class Ports(SpecModel):
    """Ports published on the host."""

    web: PortNumber = 80
    """Plain HTTP. Example: `8080`."""
    websecure: PortNumber = 443
    """HTTPS. Example: `8443`."""


class Dashboard(SpecModel):
    """Traefik's dashboard: on its own host, never without users."""

    host: Host
    """Public name. Example: `traefik.commenthouse.com`."""
    users: list[User] = Field(default_factory=no_items)
    """Who may see it. Passwords are generated once and shown once. Example: `[ops]`."""


class EdgeSettings(SpecModel):
    """The edge itself: Traefik and what belongs to it."""

    image: Image = "traefik:v3.7"
    """Traefik's image, 3.6.1 or later. Example: `traefik:v3.7`."""
    docker_socket: Literal["proxy", "direct"] = "proxy"
    """`proxy`: Traefik reads through a socket proxy. `direct`: the raw socket, which is root on the host for anyone who
    breaks in."""
    socket_proxy_image: Image = "haproxy:3.2-alpine"
    """Image of the socket proxy: an HAProxy, 2.6 or later. Example: `haproxy:3.2-alpine`."""
    serves: Literal["own", "all"] = "own"
    """`own`: Traefik serves the containers of this project only. `all`: every container of the engine that is labelled
    for it, so that other projects can `use` this edge."""
    use: Project | None = None
    """The project on the same engine whose Traefik serves this one too (`serves: all` there). This project then doesn't
    have its own Traefik. Example: `shared-edge`."""
    network: NetworkName = "edge"
    """The network that Traefik shares with public services. With `use` it is the real name of the other project's
    network: `NAME_edge` by default. Example: `edge`."""
    ports: Annotated[Ports, WHEN_MET] = Field(default_factory=Ports)
    """Ports published on the host. Example: `{web: 8080, websecure: 8443}`."""
    bind: IpAddress | None = None
    """Address of the host to publish ports on. Default: all addresses. Example: `157.245.51.137`."""
    http3: Flag = False
    """HTTP/3 on the https port."""
    hsts: Flag = True
    """Strict-Transport-Security on every public service."""
    read_timeout: Annotated[DurationText, Before(_seconds), AlsoAccepts("integer")] | None = None
    """How long a request may take to arrive with its body, on the https port; `0s` for any time. Traefik's default is
    60 seconds: an upload that takes longer is cut, however fast it flows. With a registry there is no limit, whatever
    is said here. Example: `1h`."""
    trusted_ips: list[Annotated[str, Before(_cidr)]] = Field(default_factory=no_items)
    """Proxies whose X-Forwarded headers are trusted. Proxied domains add Cloudflare's ranges.
    Example: `[203.0.113.0/24]`."""
    log_level: Literal["TRACE", "DEBUG", "INFO", "WARN", "ERROR"] = "INFO"
    """Traefik's log level. On a swarm it is `WARN` unless you say another: at `INFO` Traefik writes a line about its
    own labels every two seconds."""
    access_log: Flag = True
    """Log each request (without query strings and headers)."""
    dashboard: Annotated[Dashboard, WHEN_MET] | None = None
    """Traefik's dashboard. Example: `{host: traefik.commenthouse.com, users: [ops]}`."""
    replicas: Annotated[Whole, Field(ge=1)] = 1
    """How many Traefiks to run: one, as long as certificates are kept in a file. Example: `1`."""
    mem_limit: Bytes = "1g"
    """Traefik's memory limit; `0` for none. Example: `512m`."""
    pids_limit: Annotated[Whole, Field(ge=0)] = 1024
    """How many processes and threads Traefik may have; 0 for any number. Example: `512`."""
    extra: Extra = Field(default_factory=no_keys)
    """Compose keys for Traefik's own service, deep-merged. Example: `{cpus: 2}`."""

    @model_validator(mode="before")
    @classmethod
    def _network_of_the_other_project(cls, value: object) -> object:
        if isinstance(value, dict) and isinstance(value.get("use"), str) and "network" not in value:
            return {**value, "network": f"{value['use']}_edge"}
        return value

    @property
    def is_none(self) -> bool:
        """Whether there is no edge at all."""
        return False


class NoEdge(EdgeSettings):
    """`edge: none`: no Traefik, no labels, no network of the edge. Made by edgegen, never written by a user."""

    left_out: tuple[str, ...] = ()
    """Services that are left out without an edge."""
    hidden: tuple[str, ...] = ()
    """Public services that can't be reached from outside because they don't publish a port."""

    @property
    def is_none(self) -> bool:
        return True


def edge_or_none(value: object) -> object:
    """The word `none` in place of the settings."""
    if value == "none":
        return NoEdge()
    if isinstance(value, str):
        raise ValueError("expected the edge's settings (`key: value` lines), or `none` for no edge at all")
    return value
