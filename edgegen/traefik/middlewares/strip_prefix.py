"""`strip-prefix`: removes a prefix from the path."""

from typing import Annotated, Literal

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.validators import After, Before
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import UrlPath, one_or_many, some


class StripPrefix(Middleware):
    """Removes a prefix from the path."""

    kind: Literal["strip-prefix"] = "strip-prefix"
    prefixes: Annotated[list[UrlPath], Before(one_or_many), AlsoAccepts("string"), After(some)]
    """Prefixes; the first match is removed. Example: `[/api]`."""
