"""`kind: tcp`: a service that does not speak HTTP, found by its name in the TLS hello."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from edgegen.spec.base import Flag, Host, PortNumber
from edgegen.spec.container import Container


class Tcp(Container):
    """A TCP service behind TLS (HostSNI); keys of a container apply."""

    kind: Literal["tcp"]  # type: ignore[assignment]  # a narrower literal than the parent's, on purpose
    """The kind of service."""
    host: Host | None = None
    """Public name, matched in the TLS hello (SNI)."""
    hosts: list[Host] = Field(default_factory=list)
    """Several public names, instead of `host`."""
    port: PortNumber
    """The port on which the container listens."""
    entrypoint: Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$")]
    """Name of the entrypoint."""
    listen: PortNumber
    """The public port."""
    passthrough: Flag = False
    """Send TLS on untouched: the service has its own certificate."""

    @model_validator(mode="after")
    def _tcp_only(self) -> Tcp:
        if not self.own_hosts:
            raise ValueError("the key `host` is missing, or `hosts`")
        if self.aliases or self.path is not None or self.paths:
            raise ValueError("`aliases`, `path` and `paths` belong to HTTP; a tcp service has only its `host`")
        return self
