"""`retry`: asks again where a service did not answer."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Count, DurationText, Flag, Size, Statuses


class Retry(Middleware):
    """Asks again where a service did not answer."""

    kind: Literal["retry"] = "retry"
    attempts: Count
    """How often at most."""
    initial_interval: DurationText | None = None
    """The first pause; each one is longer than the one before."""
    timeout: DurationText | None = None
    """No further attempt after this time."""
    max_request_body_bytes: Size | None = None
    """Requests with a larger body are not tried again; -1 for any."""
    status: Statuses | None = None
    """Answers after which it is tried again: `502-504`."""
    disable_retry_on_network_error: Flag | None = None
    """Not after failures of the network."""
    retry_non_idempotent_method: Flag | None = None
    """POST, LOCK and PATCH too: the service may do its work twice."""

    @model_validator(mode="after")
    def _has_a_reason(self) -> Retry:
        if self.disable_retry_on_network_error and not self.status:
            raise ValueError("with `disable_retry_on_network_error` nothing is left to try again for: name a `status`")
        return self
