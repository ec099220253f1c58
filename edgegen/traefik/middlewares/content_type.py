"""`content-type`: detects the type of responses without a Content-Type."""

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware


class ContentType(Middleware):
    """Detects the type of responses without a Content-Type."""

    kind: Literal["content-type"] = "content-type"
