"""`grpc-web`: gRPC for browsers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Line, one_or_many, some


class GrpcWeb(Middleware):
    """gRPC for browsers."""

    kind: Literal["grpc-web"] = "grpc-web"
    allow_origins: Annotated[list[Line], BeforeValidator(one_or_many), AlsoAccepts("string"), AfterValidator(some)]
    """Allowed origins; `*` for all. Example: `["https://www.commenthouse.com"]`."""
