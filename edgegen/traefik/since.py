"""What came to Traefik after 3.6.1, the oldest that edgegen accepts, and with which version.

Found by asking real binaries: each label, flag and matcher that edgegen can write was tried with 3.6.2 to 3.7.15 one by
one. What came to two lines has a first version in each. Versions that could not be tried (3.6.1, 3.6.3, 3.6.16 to
3.6.19, 3.7.2, 3.7.3) count as their older neighbours, except for the access log, whose release notes name the version.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from edgegen.traefik.version import Version, is_at_least

if TYPE_CHECKING:  # lint asks about matchers here, and has no use for pydantic, which is slow to load
    from edgegen.traefik.middlewares.base import Middleware

Firsts = tuple[Version, ...]

QUERY_PARAMETERS = "accesslog.fields.queryparameters"

_FLAGS: dict[str, Firsts] = {QUERY_PARAMETERS: (Version(3, 6, 19), Version(3, 7, 3))}

_KINDS: dict[str, Firsts] = {"encodedCharacters": (Version(3, 7, 0),)}

_OPTIONS: dict[tuple[str, str], Firsts] = {
    ("errors", "errorRequestHeaders"): (Version(3, 6, 15),),
    ("forwardAuth", "maxResponseBodySize"): (Version(3, 6, 9),),
    ("retry", "timeout"): (Version(3, 7, 0),),
    ("retry", "maxRequestBodyBytes"): (Version(3, 7, 0),),
    ("retry", "status"): (Version(3, 7, 0),),
    ("retry", "disableRetryOnNetworkError"): (Version(3, 7, 0),),
    ("retry", "retryNonIdempotentMethod"): (Version(3, 7, 0),),
}

_WILDCARD_HOSTS: Firsts = (Version(3, 7, 0),)
"""Before, `*` in Host() was a character that no host has."""

_ALWAYS: Firsts = (Version(0, 0, 0),)


def flag_since(flag: str) -> Firsts:
    """The first versions that know a flag, named without its dashes or by its beginning."""
    return _FLAGS.get(flag, _ALWAYS)


def option_since(kind: str, option: str = "") -> Firsts:
    """The first versions that know an option of a middleware, or the kind itself; both in Traefik's spelling."""
    return _OPTIONS.get((kind, option), _ALWAYS) if option else _KINDS.get(kind, _ALWAYS)


def host_takes_wildcards(version: Version | None) -> bool:
    """Whether the Host matcher takes `*.example.com`."""
    return is_at_least(version, *_WILDCARD_HOSTS)


def needed(version: Version, firsts: Iterable[Version]) -> Version:
    """The version to name to whoever has this one: the first of the same line, or else the first of all."""
    ordered = sorted(firsts)
    same_line = [first for first in ordered if first.line == version.line]
    return same_line[0] if same_line else next((first for first in ordered if first > version), ordered[-1])


def without_newer_defaults(middleware: Middleware, version: Version | None) -> Middleware:
    """Without what edgegen says on its own and this version does not know. What a person has set stays."""
    fields = type(middleware).model_fields.keys() - middleware.model_fields_set - {"kind"}
    unknown = [
        name
        for name in fields
        if not is_at_least(version, *option_since(middleware.traefik_name, middleware.spelled(name)))
    ]
    return middleware.model_copy(update=dict.fromkeys(unknown)) if unknown else middleware
