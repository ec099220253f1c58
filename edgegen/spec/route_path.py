"""The path prefix of a route: Traefik compares it character by character."""

from typing import Annotated

from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.core.validators import After
from edgegen.spec.base import HintedError, PathPrefix

_NEVER_IN_A_PATH = late_pattern(r"[*?#]|\{[^/}]*\}")
_WHY = {
    "*": "`*` is not a wildcard in a path",
    "?": "a path ends before its `?`",
    "#": "a path ends before its `#`",
    "{": "Traefik has no placeholders in a path",
}


def _that_requests_have(value: str) -> str:
    """Traefik takes such a prefix without a word, and every request gets 404."""
    found = _NEVER_IN_A_PATH.search(value)
    if found is None:
        return value
    before = value[: found.start()].rstrip("/")
    message = f"no request has a path that begins with `{shown(value)}`: {_WHY[found[0][0]]}"
    raise HintedError(message, f"write `{shown(before or '/')}`, and everything below it is meant too")


RoutePath = Annotated[PathPrefix, After(_that_requests_have)]
