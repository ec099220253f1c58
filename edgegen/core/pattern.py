"""Regular expressions that are compiled when they are first used: most commands use a third of those that they load."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, AnyStr, cast

_METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer", "pattern", "groups")


def late_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, but it compiles nothing yet. One that is wrong raises `re.error` where it is first used."""
    return cast("re.Pattern[AnyStr]", _Late(partial(re.compile, text, flags)))


@contextmanager
def late_patterns() -> Iterator[None]:
    """For the import of a library: what it compiles while it is loaded becomes late.

    PyYAML compiles an expression over all of Unicode for its own reader, which only runs where libyaml is missing: a
    twentieth of a small render. Only for libraries that call the methods of their patterns and nothing else.
    """
    compile_now = re.compile
    # Other threads may compile meanwhile: what they get is late, and the same.
    re.compile = lambda pattern, flags=0: _Late(partial(compile_now, pattern, flags))  # type: ignore[assignment]
    try:
        yield
    finally:
        re.compile = compile_now


class _Late:
    """In the place of a pattern. Once compiled, its methods are the pattern's own: there is no detour."""

    __slots__ = ("_compile", *_METHODS)

    def __init__(self, compile_it: Callable[[], Any]) -> None:
        self._compile = compile_it

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = self._compile()
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
