"""TLS of Traefik as a client: shared by several kinds."""

from collections.abc import Iterator
from typing import Self

from pydantic import ConfigDict, model_validator

from edgegen.core.json_schema import conditions, needs
from edgegen.core.location import Path
from edgegen.traefik.middlewares.base import Options
from edgegen.traefik.middlewares.values import Flag, Line


class ClientTls(Options):
    """TLS settings for connecting to a server."""

    model_config = ConfigDict(json_schema_extra=conditions(needs("cert", "key"), needs("key", "cert")))

    ca: Line | None = None
    """PEM file of the server's authority, inside Traefik's container. Example: `/run/secrets/ca.pem`."""
    cert: Line | None = None
    """PEM file of the client's certificate, inside Traefik's container. Example: `/run/secrets/client.pem`."""
    key: Line | None = None
    """PEM file of the client's key, inside Traefik's container. Example: `/run/secrets/client-key.pem`."""
    insecure_skip_verify: Flag | None = None
    """Accept any certificate."""

    def files_needed(self) -> Iterator[tuple[Path, str]]:
        for key, file in (("ca", self.ca), ("cert", self.cert), ("key", self.key)):
            if file:
                yield (key,), f"`{key}` is a file"
                return

    @model_validator(mode="after")
    def _pair(self) -> Self:
        if (self.cert is None) != (self.key is None):
            raise ValueError("`cert` and `key` belong together: set both or neither")
        return self
