"""What Docker refuses before it reads a pattern its own way: it asks Go's filepath.Match whether `.` matches.

Match does not look behind the first star that it can't get past, so not every malformed pattern is refused here; the
others are, once a path is matched against them. Source: Go's path/filepath, match.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.dockerignore.errors import BadPatternError

_NAME = "."


def check_glob(pattern: str) -> None:
    """Raises BadPatternError where Match finds a fault on its way."""
    name, rest = _NAME, pattern
    while rest:
        star, chunk, rest = _chunk(rest)
        if star and not chunk:
            return
        left = next(_tries(chunk, name, pattern, star=star), None)
        if left is None:
            return
        name = left


def _tries(chunk: str, name: str, pattern: str, *, star: bool) -> Iterator[str]:
    for start in range(len(name) + 1) if star else (0,):
        if (left := _match(chunk, name[start:], pattern)) is not None:
            yield left


def _chunk(pattern: str) -> tuple[bool, str, str]:
    """The pattern up to its next star: whether it begins with one, the text between, and what follows."""
    text = pattern.lstrip("*")
    inside, position = False, 0
    while position < len(text) and (inside or text[position] != "*"):
        if text[position] in "[]":
            inside = text[position] == "["
        position += 2 if text[position] == "\\" else 1
    return text != pattern, text[:position], text[position:]


def _match(chunk: str, name: str, pattern: str) -> str | None:
    """What is left of the name; None where it differs. The chunk is read to its end in any case."""
    left: str | None = name
    position = 0
    while position < len(chunk):
        character = left[:1] if left else ""
        if chunk[position] == "[":
            accepted, position = _class(chunk, position + 1, character, pattern)
        else:
            accepted = chunk[position] == "?"
            position += chunk[position] == "\\"
            if position == len(chunk):
                raise _bad(pattern)
            accepted = accepted or chunk[position] == character
            position += 1
        left = left[1:] if left and accepted else None
    return left


def _class(chunk: str, position: int, character: str, pattern: str) -> tuple[bool, int]:
    negated = chunk.startswith("^", position)
    position += negated
    found, first = False, True
    while first or not chunk.startswith("]", position):
        low, position = _character(chunk, position, pattern)
        high = low
        if chunk[position] == "-":
            high, position = _character(chunk, position + 1, pattern)
        found = found or low <= character <= high
        first = False
    return found != negated, position + 1


def _character(chunk: str, position: int, pattern: str) -> tuple[str, int]:
    if chunk.startswith(("-", "]"), position):
        raise _bad(pattern)
    position += chunk.startswith("\\", position)
    # The class must go on behind the character, or it never ends.
    if position + 1 >= len(chunk) or "\ud800" <= chunk[position] <= "\udfff":
        raise _bad(pattern)
    return chunk[position], position + 1


def _bad(pattern: str) -> BadPatternError:
    return BadPatternError(f"`{pattern[:60]}` is not a pattern that Docker can read")
