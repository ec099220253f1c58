"""What services of every kind share, and what the rest of edgegen may ask of any of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from msgspec.structs import replace
from pydantic import Field, model_validator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.location import Path
from edgegen.core.mention import Mention
from edgegen.core.validators import Before, no_items, no_keys
from edgegen.endpoints import Endpoint, Goal, Kind
from edgegen.spec.base import Extra, HintedError, Host, Scalar, SpecModel, WildHost
from edgegen.spec.compose_values import pairs_map
from edgegen.spec.middleware import MiddlewareUse
from edgegen.spec.route_path import RoutePath
from edgegen.traefik.middlewares import Middleware

if TYPE_CHECKING:
    from edgegen.spec.container import Container

THE_HOST = "host.docker.internal"
"""The name under which a container reaches the host that it runs on."""
IN_A_FILE = "needs a file of Traefik: it has no container to carry labels"


def labels_map(value: object) -> object:
    """Labels as a mapping; the list form `KEY=VALUE` of Compose is accepted."""
    labels = pairs_map(value, "labels", "a label", "")
    if isinstance(labels, dict) and "" in labels:
        raise ValueError("a label needs a name")
    return labels


Labels = Annotated[dict[str, Scalar], Before(labels_map), AlsoAccepts("array")]


class ServiceBase(SpecModel):
    """Keys that every kind of service understands, and the traits by which the other rooms distinguish kinds.

    A kind overrides the traits in which it differs. No room asks for the name or the class of a kind.
    """

    runs_here: ClassVar[bool] = False
    """Whether it has a container in this project, with labels that Traefik reads."""
    speaks_http: ClassVar[bool] = True
    """Whether Traefik's HTTP routers lead to it; if not, those for TCP."""
    has_server: ClassVar[bool] = True
    """Whether a server answers its requests, and not only Traefik."""
    is_registry: ClassVar[bool] = False
    """Whether it is a `RegistryBase`."""
    other_meanings: ClassVar[frozenset[str]] = frozenset()
    """Its keys that Compose has too, with another meaning."""
    without_container: ClassVar[str] = ""
    """Why no container is behind its names, as a sentence."""
    needs_own_edge: ClassVar[str] = ""
    """What it needs from Traefik that no label can say, as a predicate: such a service needs its own edge."""

    kind: str
    """The kind of service."""
    labels: Labels = Field(default_factory=no_keys)
    """Labels of the container. For Traefik's (`traefik.…`) there are keys here, or `traefik_labels`.
    Example: `{com.example.team: platform}`."""
    extra: Extra = Field(default_factory=no_keys)
    """Compose keys that edgegen has no opinion on, deep-merged into the rendered service.
    Example: `{cgroup_parent: m-executor-abcd}`."""

    @property
    def own_hosts(self) -> tuple[str, ...]:
        """The names under which the service itself answers, best first."""
        return ()

    @property
    def alias_hosts(self) -> tuple[str, ...]:
        """Names that are only redirected to the first host."""
        return ()

    def host_places(self) -> Iterator[tuple[Path, str]]:
        """Every public name with the key that gives it, aliases last."""
        yield from ()

    @property
    def own_paths(self) -> tuple[str, ...]:
        """The prefixes that it owns of each of its hosts; `/` is all of them."""
        return ("/",)

    @property
    def own_entrypoint(self) -> tuple[str, int] | None:
        """The name and the port of an entrypoint that Traefik has for it."""
        return None

    @property
    def local_port(self) -> int | None:
        """The port on 127.0.0.1 that it is published on because it has no public name."""
        return None

    @property
    def keeps_certificate(self) -> bool:
        """Whether TLS is passed on to it untouched, so that Traefik needs no certificate for its names."""
        return False

    @property
    def uses(self) -> Sequence[str | Middleware]:
        """Its middlewares, by name or in place."""
        return ()

    def middlewares_in_place(self) -> Iterator[tuple[Path, Middleware]]:
        """Those of its middlewares that it writes itself."""
        for index, use in enumerate(self.uses):
            if isinstance(use, Middleware):
                yield ("middlewares", index), use

    @property
    def labels_by_hand(self) -> Mapping[str, str]:
        """Labels for Traefik that the spec itself writes."""
        return {}

    leads_by: ClassVar[tuple[str, str]] = ("redirect", "to")
    """What it is that leads there, and the key that says where."""

    @property
    def leads_to(self) -> str:
        """The host to which all of its requests are sent on; "" where they are not, or to a part of a host."""
        return ""

    @property
    def asks_url(self) -> str:
        """The URL at which Traefik asks it; "" for one that it finds by a container's labels."""
        return ""

    @property
    def own_image(self) -> str | None:
        """The image that the spec names."""
        return None

    @property
    def as_container(self) -> "Container | None":
        """The service as what Compose's own keys say of it; None for a kind that has none of these keys."""
        return None

    @property
    def password_users(self) -> Sequence[str]:
        """Users whose passwords edgegen makes."""
        return ()

    @property
    def edge_asks(self) -> bool:
        """Whether Traefik asks for these passwords, from a file that it must have."""
        return False

    @property
    def needs_transport(self) -> bool:
        """Whether Traefik must not check its certificate: that takes a transport, which only a file can define."""
        return False

    def private_network(self, name: str) -> str | None:  # noqa: ARG002  # for kinds that have one
        """The network that it shares with Traefik only."""
        return None

    def names_used(self) -> Iterator[Mention]:
        """Everything that it names and that must be declared elsewhere, its middlewares aside."""
        yield from ()

    def answers(self, plain: Endpoint, host: str, key: str) -> Iterator[Endpoint]:  # noqa: ARG002  # shared signature
        """What must answer under one of its names: `plain`, which any site would be, made its own.

        `host`: the name as the spec has it; `key`: the key that gives it.
        """
        yield plain

    def without_edge(self) -> "ServiceBase":
        """What is left of it where the spec says `edge: none`."""
        return self


class LabelledService(ServiceBase):
    """A service that has a container, and so labels for Traefik."""

    runs_here: ClassVar[bool] = True

    traefik_labels: Labels = Field(default_factory=no_keys)
    """Labels for Traefik in addition to those that edgegen writes, for what has no key here. Without a `host` they are
    all that Traefik gets, and the service joins the edge's network for them.
    Example: `{"traefik.http.services.web.loadbalancer.sticky.cookie": "true"}`."""

    @property
    def labels_by_hand(self) -> Mapping[str, str]:
        return self.traefik_labels


class NamedService(ServiceBase):
    """A service that may have several public names."""

    host: WildHost | None = None
    """Public name. Without one, the service is reachable only from inside. Example: `www.commenthouse.com`."""
    hosts: list[WildHost] = Field(default_factory=no_items)
    """Several public names instead of `host`: the service answers under each, with one certificate.
    Example: `[commenthouse.com, commenthouse.net]`."""
    aliases: list[Host] = Field(default_factory=no_items)
    """More names, redirected to `host` or to the first of `hosts`. Example: `[blog.commenthouse.com]`."""

    @property
    def own_hosts(self) -> tuple[str, ...]:
        return (self.host,) if self.host else tuple(self.hosts)

    def host_places(self) -> Iterator[tuple[Path, str]]:
        if self.host:
            yield ("host",), self.host
        yield from ((("hosts", index), name) for index, name in enumerate(self.hosts))
        yield from ((("aliases", index), name) for index, name in enumerate(self.aliases))

    @model_validator(mode="after")
    def _names_in_one_way(self) -> Self:
        if self.host and self.hosts:
            raise twice("host", "hosts", "names")
        return self


class PublicService(NamedService):
    """A service that has a public name."""

    middlewares: list[MiddlewareUse] = Field(default_factory=no_items)
    """Middlewares, by name or inline, in the order in which a request passes them.
    Example: `[secure-headers, {kind: rate-limit, average: 100}]`."""

    @property
    def alias_hosts(self) -> tuple[str, ...]:
        return tuple(self.aliases)

    @property
    def uses(self) -> Sequence[str | Middleware]:
        return self.middlewares

    @model_validator(mode="after")
    def _aliases_need_a_host(self) -> Self:
        if self.aliases and not self.own_hosts:
            raise ValueError("`aliases` are redirected to `host`, and there is no `host`")
        if self.aliases and self.own_hosts[0].startswith("*."):
            raise ValueError("`aliases` can't be redirected to a wildcard host")
        return self


class RoutedService(PublicService):
    """A public service that may own only some of its host's paths."""

    path: RoutePath | None = None
    """Path prefix, `/` by default. Example: `/api`."""
    paths: list[RoutePath] = Field(default_factory=no_items)
    """Several path prefixes, instead of `path`. Example: `[/api, /hooks]`."""

    @property
    def own_paths(self) -> tuple[str, ...]:
        return (self.path,) if self.path else tuple(self.paths) or ("/",)

    def answers(self, plain: Endpoint, host: str, key: str) -> Iterator[Endpoint]:
        if key == "aliases":
            goal = Goal(f"https://{address(self.own_hosts[0], plain.port)}")
            yield replace(plain, kind=Kind.REDIRECT, goal=goal)
            return
        for path in self.own_paths:
            # The path is named: another service may own the rest of the host.
            named = {} if path == "/" else {"path": path, "subject": address(host, plain.port, path)}
            yield replace(plain, **named)

    @model_validator(mode="after")
    def _one_way_to_say_paths(self) -> Self:
        if self.path and self.paths:
            raise twice("path", "paths", "prefixes")
        return self


def twice(one: str, several: str, what: str) -> HintedError:
    """Two keys that say the same. The one may come from an environment, and the other from the spec below it."""
    message = f"`{one}` and `{several}` exclude each other: put all {what} into `{several}`"
    hint = f"an environment that gives one of them removes the other: `{one}: null`, or `{several}: null`"
    return HintedError(message, hint, one)


def address(host: str, port: int, path: str = "/") -> str:
    """A host with the port where it is not 443, and the path where it is not all of it."""
    return f"{host}{'' if port == 443 else f':{port}'}{'' if path == '/' else path}"
