"""`in-flight-req`: limits the number of concurrent requests."""

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.source import SourceCriterion
from edgegen.traefik.middlewares.values import Count


class InFlightReq(Middleware):
    """Limits the number of concurrent requests."""

    kind: Literal["in-flight-req"] = "in-flight-req"
    amount: Count
    """How many requests. Example: `50`."""
    source_criterion: SourceCriterion | None = None
    """What counts as one client. Example: `{request_header_name: X-Api-Key}`."""
