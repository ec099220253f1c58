"""`strip-prefix-regex`: removes a prefix from the path by a regular expression."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import GoRegex, one_or_many, some


class StripPrefixRegex(Middleware):
    """Removes a prefix from the path by a regular expression."""

    kind: Literal["strip-prefix-regex"] = "strip-prefix-regex"
    regex: Annotated[list[GoRegex], BeforeValidator(one_or_many), AlsoAccepts("string"), AfterValidator(some)]
    """Regular expressions; the first match is removed. Example: `["^/v[0-9]+"]`."""
