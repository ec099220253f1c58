"""`content-type`: finds out the type of responses that do not say theirs."""

from __future__ import annotations

from typing import Literal

from edgegen.traefik.middlewares.base import Middleware


class ContentType(Middleware):
    """Finds out the type of responses that do not say theirs."""

    kind: Literal["content-type"] = "content-type"
