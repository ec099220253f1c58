"""`retry`: asks again where a service did not answer."""

from __future__ import annotations

from typing import ClassVar, Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Count, DurationText


class Retry(Middleware):
    """Asks again where a service did not answer."""

    traefik_name: ClassVar[str] = "retry"

    kind: Literal["retry"] = "retry"
    """The kind of middleware."""
    attempts: Count
    """How often at most."""
    initial_interval: DurationText | None = None
    """The first pause."""
