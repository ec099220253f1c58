"""The whole of `edge.yaml`."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import Field, InstanceOf
from pydantic_core import PydanticKnownError

from edgegen.core.json_schema import OrWord
from edgegen.core.location import Path
from edgegen.core.validators import WHEN_MET, Before, no_keys
from edgegen.spec.acme import Acme
from edgegen.spec.base import Extra, Host, Name, NetworkName, Project, SecretName, SpecModel, VolumeName
from edgegen.spec.configs import ConfigSource
from edgegen.spec.dns import DnsSettings
from edgegen.spec.domain import Domain
from edgegen.spec.kinds import DEFAULT, service_class
from edgegen.spec.middleware import MiddlewareModel, SchemaOf
from edgegen.spec.secrets import SecretSource
from edgegen.spec.service import ServiceBase
from edgegen.spec.shared import EdgeSettings, NetworkEntry, VolumeEntry, edge_or_none
from edgegen.target_names import DEFAULT as DEFAULT_TARGET
from edgegen.target_names import TARGETS
from edgegen.traefik.middlewares import Middleware

if TYPE_CHECKING:
    from edgegen.spec.container import Container
    from edgegen.spec.registry import RegistryBase


def _service(value: object) -> object:
    """A service by its kind. Only the models of kinds that are used are ever loaded."""
    if not isinstance(value, Mapping):
        return value
    return service_class(value.get("kind", DEFAULT)).model_validate(value)


AnyService = Annotated[InstanceOf[ServiceBase], Before(_service), SchemaOf("Service")]


def _is_target(value: object) -> object:
    if not isinstance(value, str) or value not in TARGETS:
        raise PydanticKnownError("literal_error", {"expected": ", ".join(TARGETS)})
    return value


TargetName = Annotated[str, Before(_is_target), Field(json_schema_extra={"enum": list(TARGETS)})]


class Spec(SpecModel):
    """What must exist: domains, services, and the edge in front of them."""

    name: Project
    """Name of the Compose project or Swarm stack; also the owner of its DNS records unless `dns.owner` is set.
    Example: `commenthouse`."""
    target: TargetName = DEFAULT_TARGET
    """compose (one host) or swarm (many hosts)."""
    acme: Annotated[Acme, WHEN_MET] = Field(default_factory=Acme)
    """How certificates are obtained. Example: `{email: ops@commenthouse.com, challenge: http}`."""
    domains: dict[Host, Domain] = Field(default_factory=no_keys)
    """DNS zones. Example: `{commenthouse.com: {addresses: [157.245.51.137]}}`."""
    dns: Annotated[DnsSettings, WHEN_MET] = Field(default_factory=DnsSettings)
    """Settings for the records of all domains. Example: `{owner: commenthouse-k3v9x2qa}`."""
    services: dict[Name, AnyService] = Field(default_factory=no_keys)
    """Services. Example: `{web: {image: "ghcr.io/acme/web:1.4", port: 3000, host: www.commenthouse.com}}`."""
    secrets: dict[SecretName, Annotated[SecretSource, WHEN_MET]] = Field(default_factory=no_keys)
    """Secrets: kept in the folder `secrets/` of mode 0700, never in a rendered Compose file.
    Example: `{db-password: {generate: 32}}`."""
    configs: dict[SecretName, Annotated[ConfigSource, WHEN_MET]] = Field(default_factory=no_keys)
    """Configs: files for containers that anyone may read. Example: `{motd: {content: "Welcome\\n"}}`."""
    volumes: dict[VolumeName, VolumeEntry] = Field(default_factory=no_keys)
    """Named volumes. Example: `{db-data: {external: true}}`."""
    networks: dict[NetworkName, NetworkEntry] = Field(default_factory=no_keys)
    """Networks. Example: `{backend: {internal: true}}`."""
    middlewares: dict[Name, MiddlewareModel] = Field(default_factory=no_keys)
    """Middlewares to use by name. Example: `{office: {kind: ip-allow-list, source_range: [198.51.100.0/24]}}`."""
    environments: dict[Name, dict[str, Any] | None] = Field(default_factory=no_keys)
    """Overlays of this file, chosen by `-e NAME`. Example: `{dev: {acme: {ca: local}}}`."""
    edge: Annotated[EdgeSettings, WHEN_MET, Before(edge_or_none), OrWord("none")] = Field(default_factory=EdgeSettings)
    """The edge itself. `none`: no Traefik and no labels; services are reachable only by their published ports.
    Example: `{image: "traefik:v3.7", http3: true}`."""
    extra: Extra = Field(default_factory=no_keys)
    """Top-level Compose keys, deep-merged into the rendered file. Example: `{x-team: platform}`."""

    def zone_of(self, host: str) -> str | None:
        """The domain that holds `host`: the longest suffix wins. None where no domain does."""
        name = host.removeprefix("*.")
        while name and name not in self.domains:
            name = name.partition(".")[2]
        return name or None

    def is_proxied(self, host: str) -> bool:
        """Whether `host` is behind Cloudflare's proxy."""
        zone = self.zone_of(host)
        if zone is None:
            return False
        override = self.domains[zone].hosts.get(host)
        if override is not None and override.proxied is not None:
            return override.proxied
        return self.domains[zone].proxied

    def public_hosts(self) -> Iterator[tuple[str, str]]:
        """(service, host) of every public name, aliases and the dashboard included."""
        for name, service in self.services.items():
            for host in (*service.own_hosts, *service.alias_hosts):
                yield name, host
        if self.edge.dashboard:
            yield "dashboard", self.edge.dashboard.host

    def host_places(self) -> Iterator[tuple[Path, str]]:
        """Every public name with its place in the spec, the dashboard's last."""
        for name, service in self.services.items():
            yield from ((("services", name, *path), host) for path, host in service.host_places())
        if self.edge.dashboard:
            yield ("edge", "dashboard", "host"), self.edge.dashboard.host

    @property
    def has_own_edge(self) -> bool:
        """Whether this project has its own Traefik.

        It has none where another project's serves it, and where all that it has is a registry for this machine.
        """
        if self.edge.use or self.edge.is_none:
            return False
        is_local = any(not registry.own_hosts for registry in self.registries.values())
        is_wanted = "edge" in self.model_fields_set or any(
            service.own_hosts or service.labels_by_hand for service in self.services.values()
        )
        return is_wanted or not is_local

    @cached_property
    def shared_hosts(self) -> frozenset[str]:
        """Names that more than one service answers under, each at its own paths."""
        owners: dict[str, str] = {}
        return frozenset(host for name, host in self.public_hosts() if owners.setdefault(host, name) != name)

    @cached_property
    def page_servers(self) -> frozenset[str]:
        """Services from which middlewares get pages (`errors`)."""
        mentions = (mention for _, _, item in self.middleware_places() for mention in item.names_used())
        return frozenset(mention.name for mention in mentions if mention.what == "HTTP service")

    @property
    def containers(self) -> "dict[str, Container]":
        """The services that have Compose's own keys, by name."""
        return {name: item for name, service in self.services.items() if (item := service.as_container)}

    def middleware_places(self) -> Iterator[tuple[Path, str, Middleware]]:
        """(place, what Traefik would call it, middleware) of those with a name, then of those in place."""
        for name, item in self.middlewares.items():
            yield ("middlewares", name), name, item
        for name, service in self.services.items():
            for place, item in service.middlewares_in_place():
                yield ("services", name, *place), f"{name}-{item.kind}", item

    def asked_urls(self) -> Iterator[tuple[Path, str]]:
        """The URLs at which Traefik asks for answers, and who may enter, with their places."""
        for name, service in self.services.items():
            if url := service.asks_url:
                yield ("services", name, "url"), url
        for path, _, middleware in self.middleware_places():
            if url := middleware.asks_url:
                yield (*path, "address"), url

    @property
    def registries(self) -> "dict[str, RegistryBase]":
        """Registries and caches by service name."""
        return {name: cast("RegistryBase", service) for name, service in self.services.items() if service.is_registry}
