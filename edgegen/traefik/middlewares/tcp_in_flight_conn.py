"""`in-flight-conn`, for TCP: limits the number of concurrent connections per address."""

from typing import ClassVar, Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Count


class TcpInFlightConn(Middleware):
    """Limits the number of concurrent connections per address."""

    is_tcp: ClassVar[bool] = True

    kind: Literal["in-flight-conn"] = "in-flight-conn"
    amount: Count
    """How many connections; more are closed immediately. Example: `10`."""
