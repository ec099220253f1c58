"""What services of every kind share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.spec.base import Extra, Host, PathPrefix, Scalar, SpecModel, WildHost
from edgegen.spec.compose_values import refuse_in_names
from edgegen.spec.middleware import MiddlewareUse


def labels_map(value: object) -> object:
    """Labels as a mapping; the list form `KEY=VALUE` of Compose is accepted."""
    if not isinstance(value, list):
        return value
    if not all(isinstance(item, str) for item in value):
        raise ValueError("labels in list form must be `KEY=VALUE` strings")
    refuse_in_names(value, "a label")
    return {key: text for key, _, text in (item.partition("=") for item in value)}


Labels = Annotated[dict[str, Scalar], BeforeValidator(labels_map), AlsoAccepts("array")]


class ServiceBase(SpecModel):
    """Keys that every kind of service understands."""

    labels: Labels = Field(default_factory=dict)
    """Labels of the container. Traefik's own (`traefik.…`) have keys here, or stand under `traefik_labels`."""
    extra: Extra = Field(default_factory=dict)
    """Compose keys that edgegen has no opinion on, deep-merged into the rendered service."""

    @property
    def own_hosts(self) -> tuple[str, ...]:
        """The names under which the service itself answers, best first."""
        return ()

    def host_places(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every public name with the key that gives it, aliases last."""
        if host := getattr(self, "host", None):
            yield ("host",), host
        for key in ("hosts", "aliases"):
            yield from (((key, index), name) for index, name in enumerate(getattr(self, key, ())))

    @property
    def alias_hosts(self) -> tuple[str, ...]:
        """Names that are only redirected to the first host."""
        return ()


class LabelledService(SpecModel):
    """A service that has a container, and so labels for Traefik."""

    traefik_labels: Labels = Field(default_factory=dict)
    """Labels for Traefik beside those that edgegen writes, for what has no key here. Without a `host` they are all that
    Traefik gets, and it joins the edge's network for them."""


def refuse_host_beside_hosts(host: object, hosts: Sequence[object]) -> None:
    """Raise ValueError where a service says its name in both ways."""
    if host and hosts:
        raise ValueError("`host` and `hosts` exclude each other: put all names into `hosts`")


class PublicService(ServiceBase):
    """A service that has a public name."""

    host: WildHost | None = None
    """Public name. Without one the service is reachable from inside only."""
    hosts: list[WildHost] = Field(default_factory=list)
    """Several public names, instead of `host`: the service answers under each, with one certificate."""
    aliases: list[Host] = Field(default_factory=list)
    """Further names, redirected to `host`, or to the first of `hosts`."""
    middlewares: list[MiddlewareUse] = Field(default_factory=list)
    """Middlewares, by name or in place, in the order in which a request passes them."""

    @property
    def own_hosts(self) -> tuple[str, ...]:
        return (self.host,) if self.host else tuple(self.hosts)

    @property
    def alias_hosts(self) -> tuple[str, ...]:
        return tuple(self.aliases)

    @model_validator(mode="after")
    def _aliases_need_a_host(self) -> PublicService:
        refuse_host_beside_hosts(self.host, self.hosts)
        if self.aliases and not self.own_hosts:
            raise ValueError("`aliases` are redirected to `host`, and there is no `host`")
        if self.aliases and self.own_hosts[0].startswith("*."):
            raise ValueError("`aliases` can't be redirected to a wildcard host")
        return self


class RoutedService(PublicService):
    """A public service that may own a part of its host's paths only."""

    path: PathPrefix | None = None
    """Path prefix, `/` by default."""
    paths: list[PathPrefix] = Field(default_factory=list)
    """Several path prefixes, instead of `path`."""

    @property
    def own_paths(self) -> tuple[str, ...]:
        """The prefixes that it owns of each of its hosts; `/` is all of them."""
        return (self.path,) if self.path else tuple(self.paths) or ("/",)

    @model_validator(mode="after")
    def _one_way_to_say_paths(self) -> RoutedService:
        if self.path and self.paths:
            raise ValueError("`path` and `paths` exclude each other: put all prefixes into `paths`")
        return self
