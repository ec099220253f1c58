"""`kind: registry`: a private image registry, and what it shares with `kind: registry-cache`."""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal, Self

from msgspec.structs import replace
from pydantic import ConfigDict, Field, model_validator

from edgegen.core.json_schema import ONE_KEY, conditions, needs
from edgegen.core.location import Path
from edgegen.core.mention import Mention
from edgegen.core.validators import WHEN_MET, Before, no_items
from edgegen.endpoints import Endpoint, Kind
from edgegen.spec.base import (
    Bytes,
    Flag,
    Host,
    Image,
    Name,
    PathPrefix,
    PortNumber,
    SecretUse,
    SpecModel,
    Text,
    UrlCheck,
    User,
    VolumeName,
    Whole,
)
from edgegen.spec.compose_values import OR_VARIABLE
from edgegen.spec.middleware import MiddlewareUse
from edgegen.spec.service import LabelledService
from edgegen.traefik.middlewares import Middleware


def _given(value: object) -> object:
    """An empty `host:` would turn a registry that was meant to be public into one for this machine."""
    if value is None:
        raise ValueError("the key has no value: remove it, or give it one")
    return value


LOCAL_PORT = 5000
"""Docker takes a registry on the loopback without TLS."""


def own_network(service: str) -> str:
    """The network that an anonymous registry shares with Traefik only."""
    return f"{service}-edge"


class S3(SpecModel):
    """Blobs in an S3 bucket."""

    model_config = ConfigDict(
        json_schema_extra=conditions(needs("access_key", "secret_key"), needs("secret_key", "access_key"))
    )

    bucket: Text
    """The bucket's name. Example: `commenthouse-registry`."""
    region: Text
    """The bucket's region. Example: `eu-west-1`."""
    access_key: SecretUse | None = None
    """Access key id, as a secret. Example: `{secret: s3-key}`."""
    secret_key: SecretUse | None = None
    """Secret key, as a secret. Example: `{secret: s3-secret}`."""
    endpoint: Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+(/[^\s]*)?$"), UrlCheck] | None = None
    """URL of an S3-compatible server. Example: `https://fra1.digitaloceanspaces.com`."""
    force_path_style: Flag | None = None
    """Bucket in the path instead of the host name; most S3-compatible servers need it."""
    root: Text | None = None
    """Folder inside the bucket. Example: `/registry`."""
    redirect: Flag = False
    """Let clients fetch blobs directly from the bucket. Default: everything goes through the edge."""

    @model_validator(mode="after")
    def _both_keys(self) -> Self:
        if (self.access_key is None) != (self.secret_key is None):
            raise ValueError("`access_key` and `secret_key` go together (leave out both to use the machine's own role)")
        return self


class Storage(SpecModel):
    """Where blobs are kept: a volume, or S3."""

    model_config = ConfigDict(json_schema_extra=ONE_KEY)

    volume: VolumeName | None = None
    """Name of a volume of `volumes:`. Default: `NAME-data`, made for the service. Example: `registry-data`."""
    s3: S3 | None = None
    """An S3 bucket. Example: `{bucket: commenthouse-registry, region: eu-west-1}`."""

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.volume is None) == (self.s3 is None):
            raise ValueError("storage is either a `volume` or `s3`")
        return self


class RegistryBase(LabelledService):
    """What a registry and a cache share."""

    is_registry: ClassVar[bool] = True

    host: Annotated[Host | None, Before(_given)] = None
    """Public name. A registry needs its own host: clients look for it at `/v2/`. Example: `r.commenthouse.com`."""
    users: list[User] = Field(default_factory=no_items)
    """Users. Their passwords are generated once and shown once. Example: `[ci, alice]`."""
    version: Literal[2, 3] = 2
    """Major version of the registry image."""
    image: Annotated[Image, OR_VARIABLE] | None = None
    """Image to use instead of the pinned one. Example: `registry:3.0.0`."""
    storage: Annotated[Storage, WHEN_MET] | None = None
    """Where blobs are kept. Default: a separate volume. Example: `{volume: registry-data}`."""
    middlewares: list[MiddlewareUse] = Field(default_factory=no_items)
    """Middlewares in front of it. Example: `[{kind: ip-allow-list, source_range: [198.51.100.0/24]}]`."""
    networks: list[Name] = Field(default_factory=no_items)
    """Additional networks that it joins. Example: `[backend]`."""
    path: PathPrefix | None = None
    """Not supported: clients look for a registry at the root of its host. Example: `/`."""
    replicas: Annotated[Whole, Field(ge=1)] = 1
    """How many to run (more than one needs S3). Example: `2`."""
    mem_limit: Annotated[Bytes, OR_VARIABLE] = "1g"
    """Memory limit; `0` for none. Example: `2g`."""
    pids_limit: Annotated[Whole, Field(ge=0), OR_VARIABLE] = 1024
    """How many processes and threads it may have; 0 for any number. Example: `2048`."""

    @property
    def own_hosts(self) -> tuple[str, ...]:
        return (self.host,) if self.host else ()

    def host_places(self) -> Iterator[tuple[Path, str]]:
        yield from ((("host",), name) for name in self.own_hosts)

    @property
    def uses(self) -> Sequence[str | Middleware]:
        return self.middlewares

    @property
    def own_image(self) -> str | None:
        return self.image

    @property
    def password_users(self) -> Sequence[str]:
        return self.users

    def names_used(self) -> Iterator[Mention]:
        if self.storage and self.storage.volume:
            yield Mention("volume", self.storage.volume, ("storage", "volume"))
        if self.storage and (s3 := self.storage.s3):
            yield from secrets_named(("storage", "s3"), access_key=s3.access_key, secret_key=s3.secret_key)
        for index, name in enumerate(self.networks):
            yield Mention("network", name, ("networks", index))

    def answers(self, plain: Endpoint, host: str, key: str) -> Iterator[Endpoint]:  # noqa: ARG002  # shared signature
        yield replace(plain, kind=Kind.REGISTRY, writable=False)

    @model_validator(mode="after")
    def _at_the_root(self) -> Self:
        if self.path not in (None, "/"):
            raise ValueError("a registry can't live under a `path`: clients look for `/v2/` at the root of its host")
        if len(set(self.users)) != len(self.users):
            raise ValueError("a user is named twice in `users`")
        return self

    def address(self, port: int) -> str:
        """What clients call it where the edge has this port for https: its name, or its port of this machine."""
        if self.local_port:
            return f"127.0.0.1:{self.local_port}"
        return self.own_hosts[0] if port == 443 else f"{self.own_hosts[0]}:{port}"


class Registry(RegistryBase):
    """A private image registry behind TLS and passwords; without a `host`, only for this machine."""

    model_config = ConfigDict(json_schema_extra=conditions(needs("anonymous", "host")))

    kind: Literal["registry"]
    anonymous: Literal["pull"] | None = None
    """`pull`: anyone may pull, only users may push. Traefik asks for passwords, so other containers can't reach it."""
    delete: Flag = False
    """Whether the API may delete manifests and blobs."""
    listen: PortNumber | None = None
    """The port on 127.0.0.1 where a registry without a `host` is published. Default: 5000. Example: `5000`."""

    @property
    def local_port(self) -> int | None:
        """The port on 127.0.0.1; None for a registry with a public name."""
        return None if self.host else self.listen or LOCAL_PORT

    @property
    def edge_asks(self) -> bool:
        return self.anonymous is not None

    def private_network(self, name: str) -> str | None:
        """An anonymous registry doesn't ask for a password itself: anyone who bypasses Traefik could push."""
        return own_network(name) if self.anonymous else None

    def answers(self, plain: Endpoint, host: str, key: str) -> Iterator[Endpoint]:  # noqa: ARG002  # shared signature
        yield replace(plain, kind=Kind.REGISTRY, proxy_auth=self.edge_asks, deletes=self.delete)

    @model_validator(mode="after")
    def _public_or_local(self) -> Self:
        if self.host:
            if self.listen is not None:
                raise ValueError("`listen` is for a registry without a `host`: this one answers through the edge")
            return self
        for key in ("anonymous", "middlewares", "traefik_labels"):
            if getattr(self, key):
                raise ValueError(f"`{key}` needs a `host`: without one no request passes Traefik")
        if self.replicas > 1:
            raise ValueError("`replicas` needs a `host`: only one of them could have the port on 127.0.0.1")
        return self


def secrets_named(at: Path, **uses: SecretUse | None) -> Iterator[Mention]:
    """The secrets behind keys that may name one."""
    for key, use in uses.items():
        if use:
            yield Mention("secret", use.secret, (*at, key, "secret"))
