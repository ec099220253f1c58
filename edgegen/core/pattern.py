"""Regular expressions that are compiled when they are first used: most commands use a third of those that they load."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer", "pattern", "groups")


def late_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, but it compiles nothing yet. One that is wrong raises `re.error` where it is first used."""
    return cast("re.Pattern[AnyStr]", _Late(text, flags))


class _Late:
    """In the place of a pattern. Once compiled, its methods are the pattern's own: there is no detour."""

    __slots__ = ("_flags", "_text", *_METHODS)

    def __init__(self, text: Any, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self._text, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(self, name)
