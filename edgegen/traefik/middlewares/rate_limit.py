"""`rate-limit`: limits the rate of requests."""

from typing import Annotated, Literal

from edgegen.core.validators import WHEN_MET
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.redis import Redis
from edgegen.traefik.middlewares.source import SourceCriterion
from edgegen.traefik.middlewares.values import Count, DurationText


class RateLimit(Middleware):
    """Limits the rate of requests."""

    kind: Literal["rate-limit"] = "rate-limit"
    average: Count
    """Requests per period. Example: `100`."""
    burst: Count | None = None
    """How many requests may arrive at once. Example: `200`."""
    period: DurationText | None = None
    """The period: 1s by default. Example: `1m`."""
    source_criterion: Annotated[SourceCriterion, WHEN_MET] | None = None
    """What counts as one client. Example: `{ip_strategy: {depth: 1}}`."""
    redis: Annotated[Redis, WHEN_MET] | None = None
    """Count in Redis, shared by several Traefiks. Example: `{endpoints: ["redis:6379"]}`."""
