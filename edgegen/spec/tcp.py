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
    host: Host
    """Public name, matched in the TLS hello (SNI)."""
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
        if self.aliases or self.path is not None:
            raise ValueError("`aliases` and `path` belong to HTTP; a tcp service has only its `host`")
        return self
