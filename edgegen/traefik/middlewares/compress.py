"""`compress`: compresses responses."""

from typing import Literal, Self

from pydantic import model_validator

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Line, Number


class Compress(Middleware):
    """Compresses responses."""

    kind: Literal["compress"] = "compress"
    encodings: list[Literal["gzip", "br", "zstd"]] | None = None
    """Encodings, in order of preference. Example: `[zstd, br, gzip]`."""
    default_encoding: Literal["gzip", "br", "zstd"] | None = None
    """Encoding for clients that don't ask for one."""
    min_response_body_bytes: Number | None = None
    """Don't compress smaller responses (bytes). Example: `1024`."""
    excluded_content_types: list[Line] | None = None
    """Content types not to compress. Example: `[text/event-stream]`."""
    included_content_types: list[Line] | None = None
    """The only content types to compress. Example: `[application/json, text/html]`."""

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if self.excluded_content_types and self.included_content_types:
            raise ValueError("`excluded_content_types` and `included_content_types` exclude each other")
        if self.default_encoding and self.encodings and self.default_encoding not in self.encodings:
            raise ValueError(f"`default_encoding` {self.default_encoding} is not among `encodings`")
        return self
