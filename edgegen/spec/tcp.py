"""`kind: tcp`: a service that does not speak HTTP, found by its name in the TLS hello."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from msgspec.structs import replace
from pydantic import ConfigDict, Field, model_validator

from edgegen.core.json_schema import conditions, one_of
from edgegen.core.validators import Before, no_items
from edgegen.endpoints import Endpoint, Kind
from edgegen.spec.base import Flag, HintedError, Host, PortNumber
from edgegen.spec.container import WITHOUT_PUBLIC_SIDE, Container
from edgegen.spec.service import ServiceBase


def _no_star(value: object) -> object:
    if value == "*":
        raise HintedError(
            "a tcp service is found by the name in the TLS hello, and `*` is none",
            'publish one without TLS (SSH, a game) past the edge: `ports: ["0.0.0.0:2222:22"]`, without `kind: tcp`',
        )
    return value


class Tcp(Container):
    """A TCP service behind TLS (HostSNI); keys of a container apply."""

    model_config = ConfigDict(json_schema_extra=conditions(one_of("host", "hosts"), one_of("image", "build")))

    speaks_http: ClassVar[bool] = False
    other_meanings: ClassVar[frozenset[str]] = frozenset({"entrypoint"})
    without: ClassVar[tuple[str, ...]] = ("aliases", "path", "paths", "health_path", "insecure_tls")
    """Keys of a container that it refuses, and that editors don't offer."""
    needs_own_edge: ClassVar[str] = "needs an entrypoint, which is a flag of Traefik"

    kind: Literal["tcp"]  # type: ignore[assignment]  # a narrower literal than the parent's, on purpose
    host: Annotated[Host, Before(_no_star)] | None = None
    """Public name, matched against the TLS hello (SNI). Example: `pg.commenthouse.com`."""
    hosts: list[Host] = Field(default_factory=no_items)
    """Several public names, instead of `host`. Example: `[pg.commenthouse.com, db.commenthouse.com]`."""
    port: PortNumber
    """The port on which the container listens. Example: `5432`."""
    entrypoint: Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$")]
    """Name of the entrypoint. Example: `postgres`."""
    listen: PortNumber
    """The public port. Example: `5432`."""
    passthrough: Flag = False
    """Pass TLS on untouched: the service has its own certificate."""

    @property
    def own_entrypoint(self) -> tuple[str, int] | None:
        return self.entrypoint, self.listen

    @property
    def keeps_certificate(self) -> bool:
        return self.passthrough

    def answers(self, plain: Endpoint, host: str, key: str) -> Iterator[Endpoint]:  # noqa: ARG002  # shared signature
        """Its own port, and no HTTP anywhere. With `passthrough` the service has its own certificate."""
        ended = replace(plain, kind=Kind.TLS, port=self.listen, web_port=None, hsts=None)
        yield replace(ended, kind=Kind.TCP, ca="", challenge="") if self.passthrough else ended

    def without_edge(self) -> ServiceBase:
        """`entrypoint` and `listen` are the edge's; what is left is a container."""
        own = {"kind": "container", "entrypoint": None, **WITHOUT_PUBLIC_SIDE}
        fields = {name: own.get(name, getattr(self, name)) for name in Container.model_fields}
        return Container.model_construct(self.model_fields_set & set(Container.model_fields), **fields)

    @model_validator(mode="after")
    def _tcp_only(self) -> Self:
        if not self.own_hosts:
            raise ValueError("the key `host` is missing, or `hosts`")
        if self.health_path is not None:
            raise ValueError("`health_path` belongs to HTTP: Traefik does not ask a tcp service how it is")
        if self.insecure_tls:
            raise ValueError("`insecure_tls` belongs to HTTP: use `passthrough` for a service with its own TLS")
        if self.aliases or self.path is not None or self.paths:
            raise ValueError("`aliases`, `path` and `paths` belong to HTTP; a tcp service has only its `host`")
        return self
