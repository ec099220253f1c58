"""`circuit-breaker`: stops sending requests to a failing service."""

from typing import Annotated, Literal

from pydantic import Field

from edgegen.core.validators import Before
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.condition import CIRCUIT_BREAKER, condition
from edgegen.traefik.middlewares.values import DurationText, StatusCode, plain_text


def _expression(value: object) -> str:
    return condition(plain_text(value), CIRCUIT_BREAKER)


Expression = Annotated[
    str, Before(_expression), Field(examples=["NetworkErrorRatio() > 0.3", "LatencyAtQuantileMS(50.0) > 100"])
]


class CircuitBreaker(Middleware):
    """Stops sending requests to a failing service."""

    kind: Literal["circuit-breaker"] = "circuit-breaker"
    expression: Expression
    """Condition to open: `NetworkErrorRatio() > 0.3`. Example: `NetworkErrorRatio() > 0.3`."""
    check_period: DurationText | None = None
    """How often to evaluate the expression. Example: `1s`."""
    fallback_duration: DurationText | None = None
    """How long it stays open. Example: `30s`."""
    recovery_duration: DurationText | None = None
    """How long it takes to close. Example: `10s`."""
    response_code: StatusCode | None = None
    """Status code for clients while it is open. Example: `503`."""
