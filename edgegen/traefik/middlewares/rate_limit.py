"""`rate-limit`: limits the rate of requests."""

from typing import TYPE_CHECKING, Literal

from edgegen.core.validators import late_models
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Count, DurationText

if TYPE_CHECKING:
    from edgegen.traefik.middlewares.redis import Redis
    from edgegen.traefik.middlewares.source import SourceCriterion
else:
    (Redis,) = late_models("edgegen.traefik.middlewares.redis", "Redis")
    (SourceCriterion,) = late_models("edgegen.traefik.middlewares.source", "SourceCriterion")


class RateLimit(Middleware):
    """Limits the rate of requests."""

    kind: Literal["rate-limit"] = "rate-limit"
    average: Count
    """Requests per period. Example: `100`."""
    burst: Count | None = None
    """How many requests may arrive at once. Example: `200`."""
    period: DurationText | None = None
    """The period: 1s by default. Example: `1m`."""
    source_criterion: SourceCriterion | None = None
    """What counts as one client. Example: `{ip_strategy: {depth: 1}}`."""
    redis: Redis | None = None
    """Count in Redis, shared by several Traefiks. Example: `{endpoints: ["redis:6379"]}`."""
