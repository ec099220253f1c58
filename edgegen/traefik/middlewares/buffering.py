"""`buffering`: reads whole requests and responses before it passes them on."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.condition import BUFFERING, condition
from edgegen.traefik.middlewares.values import Number, plain_text


def _expression(value: object) -> str:
    return condition(plain_text(value), BUFFERING)


Expression = Annotated[str, BeforeValidator(_expression), Field(examples=["IsNetworkError() && Attempts() < 2"])]


class Buffering(Middleware):
    """Reads whole requests and responses before it passes them on."""

    needs_option: ClassVar[bool] = True

    kind: Literal["buffering"] = "buffering"
    max_request_body_bytes: Number | None = None
    """Largest request; 0 for any."""
    mem_request_body_bytes: Number | None = None
    """Of which so much in memory."""
    max_response_body_bytes: Number | None = None
    """Largest response; 0 for any."""
    mem_response_body_bytes: Number | None = None
    """Of which so much in memory."""
    retry_expression: Expression | None = None
    """When a request is tried again: `IsNetworkError() && Attempts() < 2`."""
