"""`in-flight-conn`, for TCP: limits how many connections one address has at once."""

from __future__ import annotations

from typing import ClassVar, Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Count


class TcpInFlightConn(Middleware):
    """Limits how many connections one address has at once."""

    is_tcp: ClassVar[bool] = True

    kind: Literal["in-flight-conn"] = "in-flight-conn"
    amount: Count
    """How many; further ones are closed at once."""
