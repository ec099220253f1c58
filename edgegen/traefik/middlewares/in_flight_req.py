"""`in-flight-req`: limits how many requests are under way at once."""

from __future__ import annotations

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.source import SourceCriterion
from edgegen.traefik.middlewares.values import Count


class InFlightReq(Middleware):
    """Limits how many requests are under way at once."""

    kind: Literal["in-flight-req"] = "in-flight-req"
    amount: Count
    """How many."""
    source_criterion: SourceCriterion | None = None
    """What counts as one client."""
