"""`grpc-web`: gRPC for browsers."""

from typing import Annotated, Literal

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.validators import After, Before
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Line, one_or_many, some


class GrpcWeb(Middleware):
    """gRPC for browsers."""

    kind: Literal["grpc-web"] = "grpc-web"
    allow_origins: Annotated[list[Line], Before(one_or_many), AlsoAccepts("string"), After(some)]
    """Allowed origins; `*` for all. Example: `["https://www.commenthouse.com"]`."""
