"""`errors`: custom error pages."""

from collections.abc import Callable, Iterator
from typing import Literal

from edgegen.core.mention import Mention
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import HeaderName, Line, Status, StatusCode, Statuses, UrlPath


class Errors(Middleware):
    """Custom error pages."""

    kind: Literal["errors"] = "errors"
    status: Statuses
    """Codes or ranges: `404`, `500-599`, or a list of them. Example: `[404, 500-599]`."""
    service: Line
    """Service that serves the pages: one with a `host`, or a container with a `port`. Example: `error-pages`."""
    query: UrlPath | None = None
    """Path of the page; `{status}` is replaced by the code. Example: `/{status}.html`."""
    status_rewrites: dict[Status, StatusCode] | None = None
    """Codes to send to the client instead. Example: `{"418": 404}`."""
    error_request_headers: list[HeaderName] | None = None
    """Request headers to forward to that service; all by default. Example: `[Accept-Language]`."""

    def names_used(self) -> Iterator[Mention]:
        yield Mention("HTTP service", self.service, ("service",))

    def renamed(self, full: Callable[[Mention], str]) -> Middleware:
        return self.model_copy(update={"service": "".join(map(full, self.names_used()))})
