"""`retry`: retries a request that a service did not answer."""

from typing import Literal, Self

from pydantic import ConfigDict, model_validator

from edgegen.core.json_schema import conditions, needs
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Count, DurationText, Flag, Size, Statuses


class Retry(Middleware):
    """Retries a request that a service did not answer."""

    model_config = ConfigDict(json_schema_extra=conditions(needs("disable_retry_on_network_error", "status")))

    kind: Literal["retry"] = "retry"
    attempts: Count
    """Maximum number of attempts. Example: `3`."""
    initial_interval: DurationText | None = None
    """The first pause; each pause is longer than the one before. Example: `100ms`."""
    timeout: DurationText | None = None
    """Don't retry after this time. Example: `5s`."""
    max_request_body_bytes: Size | None = None
    """Don't retry requests with a larger body (bytes); -1 for no limit. Example: `1048576`."""
    status: Statuses | None = None
    """Status codes to retry after: `502-504`. Example: `[502, 503, 504]`."""
    disable_retry_on_network_error: Flag | None = None
    """Don't retry after network failures."""
    retry_non_idempotent_method: Flag | None = None
    """Also retry POST, LOCK and PATCH: the service may do its work twice."""

    @model_validator(mode="after")
    def _has_a_reason(self) -> Self:
        if self.disable_retry_on_network_error and not self.status:
            raise ValueError("with `disable_retry_on_network_error` there is nothing left to retry: add a `status`")
        return self
