"""One pattern of a `.dockerignore`. Source: moby/patternmatcher, whose steps this follows one by one.

The way over the text of a regular expression is Docker's own, and so are its oddities: `[a*]` is not a class of two
characters, an escaped letter like `\\d` means a digit, `a|b` an alternative and `a{2}` a repetition.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from msgspec import Struct

from edgegen.dockerignore.errors import BadPatternError
from edgegen.dockerignore.expression import compile_expression
from edgegen.dockerignore.glob_syntax import check_glob

_BOM = "\ufeff"
_ESCAPED = frozenset(".+()$")
"""Docker means to escape `|`, `{` and `}` too, but its table of bits has no room for them."""


class Pattern(Struct, frozen=True, eq=False):
    """A pattern without its `!`; with one (`exception`) it lets files back in."""

    text: str
    exception: bool
    _matcher: Callable[[], Callable[[str], bool]]

    @classmethod
    def of(cls, text: str, *, exception: bool = False) -> Pattern:
        """Raises BadPatternError for what Docker refuses at once."""
        if not text:
            raise BadPatternError('illegal exclusion pattern: "!"')
        check_glob(text)
        return cls(text, exception, cache(lambda: _matcher(text)))

    def matches(self, path: str) -> bool:
        """Whether it names exactly this path, given relative to the context.

        Raises BadPatternError for what Docker refuses when it first needs it: a pattern that is never asked may be
        malformed.
        """
        return self._matcher()(path)


def _matcher(text: str) -> Callable[[str], bool]:
    # A backslash at the very end escapes nothing, and means itself.
    if text.startswith("**") and not _is_special(text[2:].removesuffix("\\")):
        suffix = text[2:]
        return lambda path: path.endswith(suffix) or (suffix[:1] == "/" and path == suffix[1:])
    if text.endswith("**") and not _is_special(prefix := text[:-2]):
        return lambda path: path.startswith(prefix)
    if not _is_special(text.removesuffix("\\")):
        return lambda path: path == text
    return compile_expression(f"^{_expression(text.removeprefix(_BOM))}$")


def _is_special(text: str) -> bool:
    return any(mark in text for mark in "*?[]\\")


def _expression(text: str) -> str:
    written = []
    position = 0
    while position < len(text):
        character = text[position]
        position += 1
        if text.startswith("**", position - 1):
            position += 1
            position += text.startswith("/", position)
            written.append(".*" if position == len(text) else "(.*/)?")
        elif character == "*":
            written.append("[^/]*")
        elif character == "?":
            written.append("[^/]")
        elif character == "\\":
            written.append(text[position - 1 : position + 1])
            position += 1
        else:
            written.append(f"\\{character}" if character in _ESCAPED else character)
    return "".join(written)
