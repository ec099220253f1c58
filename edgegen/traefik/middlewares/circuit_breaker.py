"""`circuit-breaker`: stops asking a service that fails."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import DurationText, StatusCode

_FUNCTIONS = ("NetworkErrorRatio", "ResponseCodeRatio", "LatencyAtQuantileMS")


def _expression(value: object) -> str:
    text = str(value)
    names = re.findall(r"([A-Za-z]\w*)\s*\(", text)
    unknown = [name for name in names if name not in _FUNCTIONS]
    if not names or unknown or text.count("(") != text.count(")") or not re.search(r"[<>=]", text):
        raise ValueError(
            f"`{text[:60]}` is not a condition over {', '.join(_FUNCTIONS)}, like NetworkErrorRatio() > 0.3"
        )
    return text


Expression = Annotated[str, BeforeValidator(_expression)]


class CircuitBreaker(Middleware):
    """Stops asking a service that fails."""

    traefik_name: ClassVar[str] = "circuitBreaker"

    kind: Literal["circuit-breaker"] = "circuit-breaker"
    """The kind of middleware."""
    expression: Expression
    """When it opens: `NetworkErrorRatio() > 0.3`."""
    check_period: DurationText | None = None
    """Time between two looks at the expression."""
    fallback_duration: DurationText | None = None
    """How long it stays open."""
    recovery_duration: DurationText | None = None
    """How long it takes to close."""
    response_code: StatusCode | None = None
    """What clients get while it is open."""
