"""`kind: container`, the default: an image or a build, with Compose's own keys typed and passed through."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from edgegen.core.json_schema import AlsoAccepts, conditions, needs, one_of
from edgegen.core.mention import Mention
from edgegen.core.names import seconds_of
from edgegen.core.show import shown
from edgegen.core.validators import WHEN_MET, After, Before, late_models, no_items, no_keys
from edgegen.spec.base import (
    Bytes,
    DurationText,
    EnvName,
    Flag,
    HintedError,
    Image,
    IpAddress,
    Name,
    NetworkName,
    PathPrefix,
    PortNumber,
    Scalar,
    SecretUse,
    SpecModel,
    StringList,
    Text,
    Whole,
    as_list,
    scalar_text,
)
from edgegen.spec.compose_values import OR_VARIABLE, pairs_map
from edgegen.spec.configs import ConfigMountUse
from edgegen.spec.healthcheck import Command, Healthcheck
from edgegen.spec.limits import Cpus, SoftHard
from edgegen.spec.ports import PublishedPort
from edgegen.spec.secrets import SecretMountUse
from edgegen.spec.service import LabelledService, RoutedService, ServiceBase
from edgegen.spec.slipped_keys import slip
from edgegen.spec.variables import has_variables
from edgegen.spec.volume_mounts import Mount, MountUse

if TYPE_CHECKING:
    from edgegen.spec.deploy import Deploy, Logging
else:
    Deploy, Logging = late_models("edgegen.spec.deploy", "Deploy", "Logging")


def _environment_map(value: object) -> object:
    """Compose's list form `KEY=VALUE` (or `KEY`, passed through) as a mapping."""
    pairs = pairs_map(value, "an environment", "an environment variable", None)
    for name, text in pairs.items() if isinstance(pairs, dict) else ():
        if slipped := slip(str(name), text):
            how = f"{slipped.name}=VALUE" if isinstance(value, list) else f"{slipped.name}: VALUE"
            raise HintedError(f"`{slipped.shown}` is not the name of a variable", f"write `{how}`")
    return pairs


def _sysctls_map(value: object) -> object:
    """Compose's list form `NAME=VALUE` as a mapping."""
    return pairs_map(value, "`sysctls`", "a kernel parameter", None)


def _environment_value(value: object) -> object:
    return value if isinstance(value, dict) else scalar_text(value)


EnvironmentValue = Annotated[str | SecretUse | None, Before(_environment_value), AlsoAccepts("number", "boolean")]
Environment = Annotated[dict[EnvName, EnvironmentValue], Before(_environment_map), AlsoAccepts("array")]


class DependsOn(SpecModel):
    """When a dependency counts as ready."""

    condition: Annotated[
        Literal["service_started", "service_healthy", "service_completed_successfully"], OR_VARIABLE
    ] = "service_started"
    """service_started, service_healthy or service_completed_successfully."""
    restart: Annotated[Flag, OR_VARIABLE] | None = None
    """Whether this service restarts with its dependency."""
    required: Annotated[Flag, OR_VARIABLE] | None = None
    """False: a missing dependency only warns."""


def _names(value: object) -> object:
    """A list of names as a mapping."""
    if isinstance(value, str):
        raise HintedError("expected a list (`- item` lines)", f"write `[{shown(value)}]`")
    listed = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return {name: {} for name in value} if listed and isinstance(value, list) else value


def _networks(value: object) -> object:
    value = _names(value)
    return {name: use or {} for name, use in value.items()} if isinstance(value, dict) else value


class NetworkUse(SpecModel):
    """How a service joins a network."""

    aliases: list[Text] = Field(default_factory=no_items)
    """Additional names of the service on this network. Example: `[database]`."""
    ipv4_address: Annotated[IpAddress, OR_VARIABLE] | None = None
    """Fixed IPv4 address. Example: `10.5.0.10`."""
    ipv6_address: Annotated[IpAddress, OR_VARIABLE] | None = None
    """Fixed IPv6 address. Example: `2001:db8::10`."""


class Build(SpecModel):
    """How an image is built."""

    context: Text = "."
    """Folder to send to the builder. Example: `./app`."""
    dockerfile: Text | None = None
    """Path of the Dockerfile below the context. Example: `docker/Dockerfile`."""
    target: Text | None = None
    """Stage to build. Example: `production`."""
    args: Annotated[dict[str, Scalar], Before(_environment_map)] = Field(default_factory=no_keys)
    """Build arguments. Example: `{NODE_VERSION: "22"}`."""
    additional_contexts: Annotated[dict[str, Text], Before(_environment_map), AlsoAccepts("array")] = Field(
        default_factory=no_keys
    )
    """More contexts by name: folders, or anything that BuildKit accepts as a URL. Example: `{shared: ../shared}`."""


_STOPS = "keep `drain` for an app that dies at once at its stop signal, the other for one that stops by itself"
LONGEST_DRAIN = 5 * 60


def _at_most_five_minutes(value: str) -> str:
    if not 0 < seconds_of(value) <= LONGEST_DRAIN:
        raise ValueError(f"`{value[:40]}` can't be a drain: it must be longer than 0s and at most 5m")
    return value


_CONTAINER_NAME = r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$"
_RESTARTED = r"^(no|always|unless-stopped|on-failure(:[0-9]+)?)$"
_PULLED = r"^(always|never|build|missing|if_not_present|refresh|daily|weekly|every_([0-9]+[wdhms])+)$"


def _extra_host(value: str) -> str:
    """Compose's rule: a name and something after it. What that something is, only the engine says."""
    name, _, address = value.replace("=", ":", 1).partition(":")
    if not (name and address) and not has_variables(value):
        raise ValueError(f"`{shown(value)}` is not a host like `db=192.0.2.7` or `host.docker.internal=host-gateway`")
    return value


ExtraHost = Annotated[Text, After(_extra_host)]


def _build(value: object) -> object:
    return {"context": value} if isinstance(value, str) else value


class Container(RoutedService, LabelledService):
    """A container of any image."""

    model_config = ConfigDict(
        json_schema_extra=conditions(one_of("image", "build"), needs("host", "port"), needs("hosts", "port"))
    )

    kind: Literal["container"] = "container"
    image: Annotated[Image, OR_VARIABLE] | None = None
    """Image reference, pinned: `ghcr.io/acme/web:1.4`. Example: `ghcr.io/acme/web:1.4`."""
    build: Annotated[Build, WHEN_MET, Before(_build), AlsoAccepts("string")] | None = None
    """Build instead of, or as well as, an image. Example: `{context: ., target: production}`."""
    port: PortNumber | None = None
    """The port that the container listens on; required with `host`. Example: `3000`."""
    scheme: Literal["http", "https", "h2c"] = "http"
    """The protocol that Traefik uses to reach the container. With `https`, see `insecure_tls`."""
    insecure_tls: Flag = False
    """Accept any certificate of a container with `scheme: https`. Traefik calls it by its address, which no
    certificate names, so without this every request gets 500."""
    health_path: PathPrefix | None = None
    """A path that answers 200 to 399 if the container can serve. Traefik requests it every second and sends no other
    request to a container that does not answer within a second. On a swarm it notices in a second or two that a node
    is cut off. Example: `/healthz`."""
    command: Command | None = None
    """Command, as in Compose. Example: `[node, server.js]`."""
    entrypoint: Command | None = None
    """Entrypoint, as in Compose. Example: `[/docker-entrypoint.sh]`."""
    environment: Environment = Field(default_factory=no_keys)
    """Environment variables; a value may be `{secret: NAME}`.
    Example: `{DB_HOST: db, DB_PASSWORD: {secret: db-password}}`."""
    env_file: StringList = Field(default_factory=no_items)
    """Files with more environment variables. Example: `[web.env]`."""
    depends_on: Annotated[dict[Name, Annotated[DependsOn, WHEN_MET]], Before(_names), AlsoAccepts("array")] = Field(
        default_factory=no_keys
    )
    """Services that start first. Example: `{db: {condition: service_healthy}}`."""
    networks: Annotated[dict[NetworkName, Annotated[NetworkUse, WHEN_MET]], Before(_networks), AlsoAccepts("array")] = (
        Field(default_factory=no_keys)
    )
    """Networks from `networks:` that it joins. Example: `[backend]`."""
    volumes: list[MountUse] = Field(default_factory=no_items)
    """Volumes and bind mounts. Example: `["uploads:/srv/uploads", "./site:/usr/share/nginx/html:ro"]`."""
    secrets: list[SecretMountUse] = Field(default_factory=no_items)
    """Secrets from `secrets:` to mount under /run/secrets. Example: `[db-password]`."""
    configs: list[ConfigMountUse] = Field(default_factory=no_items)
    """Configs from `configs:` to mount, by default as /NAME.
    Example: `[{source: nginx-conf, target: /etc/nginx/conf.d/default.conf}]`."""
    ports: list[PublishedPort] = Field(default_factory=no_items)
    """Ports to publish on the host, bypassing the edge. Example: `["127.0.0.1:3000:3000"]`."""
    expose: list[Scalar] = Field(default_factory=no_items)
    """Ports that the image listens on. Example: `[3000]`."""
    healthcheck: Healthcheck | None = None
    """How health is checked. Example: `{test: [CMD, curl, -f, "http://127.0.0.1:3000/healthz"], interval: 10s}`."""
    restart: Annotated[str, Field(pattern=_RESTARTED), OR_VARIABLE] | None = None
    """Restart policy. Default: unless-stopped. Example: `unless-stopped`."""
    deploy: Deploy | None = None
    """Compose's deploy section. Example: `{replicas: 2}`."""
    user: Scalar | None = None
    """User, or user:group. Example: `"1000:1000"`."""
    working_dir: Text | None = None
    """Working directory. Example: `/app`."""
    hostname: Text | None = None
    """Host name inside the container. Example: `web`."""
    read_only: Annotated[Flag, OR_VARIABLE] | None = None
    """Read-only root file system."""
    tmpfs: StringList = Field(default_factory=no_items)
    """Paths to keep in memory. Example: `[/tmp]`."""
    init: Annotated[Flag, OR_VARIABLE] | None = None
    """Run an init process that reaps zombies."""
    privileged: Annotated[Flag, OR_VARIABLE] | None = None
    """Access to all devices of the host: almost never needed."""
    cap_add: list[Text] = Field(default_factory=no_items)
    """Capabilities to add. Example: `[NET_BIND_SERVICE]`."""
    cap_drop: list[Text] = Field(default_factory=no_items)
    """Capabilities to drop. Example: `[ALL]`."""
    security_opt: list[Text] = Field(default_factory=no_items)
    """Security options. Default: no-new-privileges:true. Example: `["no-new-privileges:true"]`."""
    group_add: list[Scalar] = Field(default_factory=no_items)
    """Additional groups. Example: `[www-data]`."""
    devices: list[Text] = Field(default_factory=no_items)
    """Devices of the host. Example: `["/dev/dri:/dev/dri"]`."""
    sysctls: Annotated[dict[str, Scalar], Before(_sysctls_map), AlsoAccepts("array")] = Field(default_factory=no_keys)
    """Kernel parameters. Example: `{net.core.somaxconn: 1024}`."""
    ulimits: dict[str, Annotated[Whole | SoftHard, OR_VARIABLE]] = Field(default_factory=no_keys)
    """Process limits (ulimits). Example: `{nofile: {soft: 20000, hard: 40000}}`."""
    extra_hosts: Annotated[list[ExtraHost], Before(as_list), AlsoAccepts("string")] = Field(default_factory=no_items)
    """Additional host names, `NAME=IP`. Example: `["host.docker.internal:host-gateway"]`."""
    dns: StringList = Field(default_factory=no_items)
    """Name servers. Example: `[9.9.9.9]`."""
    logging: Logging | None = None
    """Logging. Default: json-file, three files of 10 MB. Example: `{driver: json-file, options: {max-size: 20m}}`."""
    profiles: list[Text] = Field(default_factory=no_items)
    """Profiles that start the service. Example: `[tools]`."""
    container_name: Annotated[str, Field(pattern=_CONTAINER_NAME), OR_VARIABLE] | None = None
    """Name of the container, by which `docker exec` and containers of other projects find it; without it, Compose's own
    PROJECT-SERVICE-1. Only one container of the engine can have it. Example: `nextcloud`."""
    platform: Text | None = None
    """Platform of the image. Example: `linux/arm64`."""
    pull_policy: Annotated[str, Field(pattern=_PULLED), OR_VARIABLE] | None = None
    """When to pull the image. Example: `missing`."""
    shm_size: Annotated[Bytes, OR_VARIABLE] | None = None
    """Size of /dev/shm. Example: `128m`."""
    mem_limit: Annotated[Bytes, OR_VARIABLE] | None = None
    """Memory limit. Example: `512m`."""
    cpus: Annotated[Cpus, OR_VARIABLE] | None = None
    """CPU limit. Example: `0.5`."""
    stop_grace_period: Annotated[DurationText, OR_VARIABLE] | None = None
    """How long the container may take to stop before it is killed. Example: `30s`."""
    stop_signal: Text | None = None
    """Signal to stop it. Example: `SIGQUIT`."""
    drain: Annotated[DurationText, After(_at_most_five_minutes)] | None = None
    """How long a task that is being replaced keeps answering (`target: swarm` only), at most 5m: `6s` is enough for
    short requests, plus as long as the longest request lasts. Needed only if requests last longer than an instant and
    the app dies at SIGTERM. It replaces the stop signal: the app gets one that it ignores, and is killed at the end. An
    app that must save something when it stops needs `stop_grace_period` instead. Example: `6s`."""
    stdin_open: Annotated[Flag, OR_VARIABLE] | None = None
    """Keep standard input open."""
    tty: Annotated[Flag, OR_VARIABLE] | None = None
    """Allocate a terminal."""

    @property
    def needs_transport(self) -> bool:
        return self.insecure_tls

    @property
    def own_image(self) -> str | None:
        return self.image

    @property
    def as_container(self) -> Self:
        return self

    @property
    def secret_variables(self) -> dict[str, str]:
        """Variable -> name of the secret that is its value."""
        return {key: value.secret for key, value in self.environment.items() if isinstance(value, SecretUse)}

    def names_used(self) -> Iterator[Mention]:
        for key, secret in self.secret_variables.items():
            yield Mention("secret", secret, ("environment", key, "secret"))
        for index, mount in enumerate(self.secrets):
            yield Mention("secret", mount.source, ("secrets", index))
        for index, use in enumerate(self.configs):
            yield Mention("config", use.source, ("configs", index))
        for name in self.networks:
            yield Mention("network", name, ("networks", name))
        for name in self.depends_on:
            yield Mention("service", name, ("depends_on", name))
        for index, volume in enumerate(self.volumes):
            if isinstance(volume, Mount) and volume.names:
                yield Mention("volume", volume.names, ("volumes", index))

    def without_edge(self) -> ServiceBase:
        return self.model_copy(update=WITHOUT_PUBLIC_SIDE)

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self.image is None and self.build is None:
            raise HintedError("a container needs an `image` or a `build`", "add one, like `image: nginx:1.28`")
        if self.own_hosts and self.port is None:
            how = "add it, like `port: 3000`" if not self.ports else "add it; `ports` are those that the host publishes"
            raise HintedError("a container with a `host` needs a `port`: the one that it listens on", how)
        if not self.own_hosts and (self.path is not None or self.paths):
            raise ValueError(f"`{'path' if self.path else 'paths'}` has no meaning without a `host`")
        if self.health_path is not None and not self.own_hosts:
            raise ValueError("`health_path` has no meaning without a `host`: Traefik asks only what it serves")
        if self.insecure_tls and self.scheme != "https":
            raise ValueError("`insecure_tls` has no meaning without `scheme: https`")
        self._has_a_name_of_its_own()
        self._says_each_limit_once()
        self._stops_in_one_way()
        return self

    def _has_a_name_of_its_own(self) -> None:
        replicas = self.deploy.replicas if self.deploy else None
        if self.container_name is not None and isinstance(replicas, int) and replicas > 1:
            message = f"`container_name` is the name of one container, and `deploy.replicas` is {replicas}"
            raise HintedError(message, "remove one of them", "container_name")

    def _stops_in_one_way(self) -> None:
        for key in ("stop_signal", "stop_grace_period"):
            if self.drain is not None and getattr(self, key) is not None:
                raise HintedError(
                    f"`drain` and `{key}` exclude each other: `drain` sets the signal and the time", _STOPS, "drain"
                )

    def _says_each_limit_once(self) -> None:
        limits = self.deploy.resources.limits if self.deploy and self.deploy.resources else None
        for key, twin in (("cpus", "cpus"), ("mem_limit", "memory")):
            one, other = getattr(self, key), getattr(limits, twin, None)
            if one is not None and other is not None and one != other and not has_variables(f"{one}{other}"):
                raise ValueError(
                    f"`{key}` and `deploy.resources.limits.{twin}` contradict each other: keep one of them"
                )


WITHOUT_PUBLIC_SIDE: dict[str, Any] = {
    "host": None, "hosts": [], "aliases": [], "path": None, "paths": [], "middlewares": [], "port": None,
    "scheme": "http", "insecure_tls": False, "health_path": None, "traefik_labels": {},
}  # fmt: skip
"""The keys of a service's public side, at the values that mean "nothing"."""
