"""`buffering`: reads whole requests and responses before passing them on."""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from edgegen.core.json_schema import AN_OPTION
from edgegen.core.validators import Before
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.condition import BUFFERING, condition
from edgegen.traefik.middlewares.values import Number, plain_text


def _expression(value: object) -> str:
    return condition(plain_text(value), BUFFERING)


Expression = Annotated[str, Before(_expression), Field(examples=["IsNetworkError() && Attempts() < 2"])]


class Buffering(Middleware):
    """Reads whole requests and responses before passing them on."""

    model_config = ConfigDict(json_schema_extra=AN_OPTION)

    needs_option: ClassVar[bool] = True

    kind: Literal["buffering"] = "buffering"
    max_request_body_bytes: Number | None = None
    """Largest request body in bytes; 0 for no limit. Example: `10485760`."""
    mem_request_body_bytes: Number | None = None
    """How much of it to keep in memory, in bytes. Example: `1048576`."""
    max_response_body_bytes: Number | None = None
    """Largest response body in bytes; 0 for no limit. Example: `10485760`."""
    mem_response_body_bytes: Number | None = None
    """How much of it to keep in memory, in bytes. Example: `1048576`."""
    retry_expression: Expression | None = None
    """When to retry a request: `IsNetworkError() && Attempts() < 2`. Example: `IsNetworkError() && Attempts() < 2`."""
