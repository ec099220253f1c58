"""`strip-prefix`: removes a prefix from the path."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import UrlPath, one_or_many, some


class StripPrefix(Middleware):
    """Removes a prefix from the path."""

    kind: Literal["strip-prefix"] = "strip-prefix"
    prefixes: Annotated[list[UrlPath], BeforeValidator(one_or_many), AlsoAccepts("string"), AfterValidator(some)]
    """Prefixes; the first match is removed. Example: `[/api]`."""
