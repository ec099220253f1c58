"""`chain`: several middlewares under one name."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Line, one_or_many, some


class Chain(Middleware):
    """Several middlewares under one name."""

    traefik_name: ClassVar[str] = "chain"

    kind: Literal["chain"] = "chain"
    """The kind of middleware."""
    middlewares: Annotated[list[Line], BeforeValidator(one_or_many), AlsoAccepts("string"), AfterValidator(some)]
    """Names of middlewares, in order."""
