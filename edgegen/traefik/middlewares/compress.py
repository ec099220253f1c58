"""`compress`: compresses responses."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Line, Number


class Compress(Middleware):
    """Compresses responses."""

    kind: Literal["compress"] = "compress"
    encodings: list[Literal["gzip", "br", "zstd"]] | None = None
    """Encodings, best first."""
    default_encoding: Literal["gzip", "br", "zstd"] | None = None
    """For clients that do not say."""
    min_response_body_bytes: Number | None = None
    """Smaller responses stay as they are."""
    excluded_content_types: list[Line] | None = None
    """Types that stay as they are."""
    included_content_types: list[Line] | None = None
    """The only types that are compressed."""

    @model_validator(mode="after")
    def _one_list(self) -> Compress:
        if self.excluded_content_types and self.included_content_types:
            raise ValueError("`excluded_content_types` and `included_content_types` exclude each other")
        if self.default_encoding and self.encodings and self.default_encoding not in self.encodings:
            raise ValueError(f"`default_encoding` {self.default_encoding} is not among `encodings`")
        return self
