"""The regular expressions that Docker's patterns become, in Go's syntax, matched in time linear to the path.

Python's `re` reads classes, escapes and repetitions in another way, and takes exponential time for some of them.
Source: Go's regexp/syntax, parse.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.pattern import late_pattern
from edgegen.dockerignore.character_class import Accepts, escaped, read_class
from edgegen.dockerignore.errors import BadPatternError

_OPTIONAL_FOLDERS = "(.*/)?"
_REPEAT = late_pattern(r"\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}")
_MOST = 1000


class _Step(Struct, frozen=True):
    """Takes one character, any number of them if `repeated`; or none, if a place holds or a jump is allowed."""

    accepts: Accepts | None = None
    repeated: bool = False
    holds: Callable[[str, int], bool] | None = None
    jump: int = 0


def compile_expression(expression: str) -> Callable[[str], bool]:
    """A search in a path. Raises BadPatternError for what Go refuses, and for escapes of rare meaning."""
    branches = _branches(_without_surrogates(expression))
    return lambda path: any(_found(steps, _without_surrogates(path)) for steps in branches)


def _without_surrogates(text: str) -> str:
    """Go sees one U+FFFD for each byte that is not UTF-8."""
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)


def _branches(expression: str) -> list[list[_Step]]:
    branches: list[list[_Step]] = [[]]
    position = 0
    while position < len(expression):
        if expression[position] == "|":
            branches.append([])
            position += 1
            continue
        steps, position = _piece(expression, position)
        branches[-1] += steps
    return branches


def _piece(expression: str, position: int) -> tuple[list[_Step], int]:
    """One element with its repetition."""
    if expression.startswith(_OPTIONAL_FOLDERS, position):
        steps = [_Step(jump=3), _Step(_any, repeated=True), _Step("/".__eq__)]
        return steps, _not_repeated(expression, position + len(_OPTIONAL_FOLDERS))
    if position and expression[position - 1] == "|" and _REPEAT.match(expression, position):
        raise BadPatternError("there is nothing to repeat before `{`")
    step, position = _step(expression, position)
    if expression.startswith("*", position):
        return [replace(step, repeated=True)], _not_repeated(expression, position + 1)
    if not (found := _REPEAT.match(expression, position)):
        return [step], position
    return list(_copies(step, found)), _not_repeated(expression, found.end())


def _copies(step: _Step, found: re.Match[str]) -> Iterator[_Step]:
    least, most = int(found[1]), int(found[3]) if found[3] else None
    most = most if found[2] else least
    if max(least, most or 0) > _MOST or (most is not None and most < least):
        raise BadPatternError(f"`{found[0]}` is not a repetition that Docker can read")
    yield from [step] * least
    if most is not None:
        yield from [_Step(jump=2), step] * (most - least)
    elif step.holds is None:
        yield replace(step, repeated=True)


def _not_repeated(expression: str, position: int) -> int:
    if _REPEAT.match(expression, position):
        raise BadPatternError("a repetition can't be repeated")
    return position


def _step(expression: str, position: int) -> tuple[_Step, int]:
    character = expression[position]
    if character == "[":
        accepts, position = read_class(expression, position)
        return _Step(accepts), position
    if character == "\\":
        if place := _PLACES.get(expression[position : position + 2]):
            return _Step(holds=place), position + 2
        accepts, position = escaped(expression, position)
        return _Step(accepts), position
    if place := _PLACES.get(character):
        return _Step(holds=place), position + 1
    return _Step(_any if character == "." else character.__eq__), position + 1


def _any(character: str) -> bool:
    return character != "\n"


def _is_word(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isascii() and (text[place].isalnum() or text[place] == "_")


def _at_edge(text: str, place: int) -> bool:
    return _is_word(text, place - 1) != _is_word(text, place)


_PLACES: dict[str, Callable[[str, int], bool]] = {
    "^": lambda _, place: place == 0,
    "$": lambda text, place: place == len(text),
    "\\A": lambda _, place: place == 0,
    "\\z": lambda text, place: place == len(text),
    "\\b": _at_edge,
    "\\B": lambda text, place: not _at_edge(text, place),
}


def _found(steps: Sequence[_Step], path: str) -> bool:
    places: set[int] = set()
    for position in range(len(path) + 1):
        places = _reached(steps, places | {0}, path, position)
        if len(steps) in places:
            return True
        places = _after(steps, places, path[position]) if position < len(path) else set()
    return False


def _after(steps: Sequence[_Step], places: set[int], character: str) -> set[int]:
    """Where one character leads."""
    taken = set()
    for place in places:
        if (accepts := steps[place].accepts) and accepts(character):
            taken.add(place if steps[place].repeated else place + 1)
    return taken


def _reached(steps: Sequence[_Step], places: set[int], path: str, position: int) -> set[int]:
    """The places themselves, and those behind steps that need no character."""
    pending, reached = list(places), set(places)
    while pending:
        place = pending.pop()
        further = set(_freely(steps[place], place, path, position)) if place < len(steps) else set()
        pending += further - reached
        reached |= further
    return reached


def _freely(step: _Step, place: int, path: str, position: int) -> Iterator[int]:
    if step.jump:
        yield from (place + 1, place + step.jump)
    elif step.repeated or (step.holds and step.holds(path, position)):
        yield place + 1
