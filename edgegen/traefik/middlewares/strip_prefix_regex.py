"""`strip-prefix-regex`: removes a prefix from the path by a regular expression."""

from typing import Annotated, Literal

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.validators import After, Before
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import GoRegex, one_or_many, some


class StripPrefixRegex(Middleware):
    """Removes a prefix from the path by a regular expression."""

    kind: Literal["strip-prefix-regex"] = "strip-prefix-regex"
    regex: Annotated[list[GoRegex], Before(one_or_many), AlsoAccepts("string"), After(some)]
    """Regular expressions; the first match is removed. Example: `["^/v[0-9]+"]`."""
