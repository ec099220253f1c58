"""Compose's variables in a text: read as Compose's own template reads them. Pure.

`$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME-word}`, `${NAME:?word}`, `${NAME?word}`, `${NAME:+word}`, `${NAME+word}`;
words may hold variables themselves. `$$` is a dollar sign, and so is a `$` that begins nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from edgegen.core.pattern import late_pattern

# Compose ignores case by Unicode's rules, where the long s and the Kelvin sign are an `s` and a `k`.
_NAME = "[_a-zA-Z\u017f\u212a][_a-zA-Z0-9\u017f\u212a]*"
_DOLLAR = late_pattern(rf"\$(?:(?P<dollar>\$)|(?P<named>{_NAME})|(?P<open>\{{)|)")
_BRACED = late_pattern(rf"\$\{{(?P<name>{_NAME})(?:(?P<operator>:?[-+?])(?P<word>.*))?\}}")


class VariableError(ValueError):
    """A form that Compose calls invalid. The text is a sentence for the user."""


class Variable(Struct, frozen=True):
    """One variable of a text. `operator` is "" for a plain one; `word` is what comes after the operator."""

    name: str
    operator: str = ""
    word: tuple[Piece, ...] = ()

    @property
    def is_required(self) -> bool:
        """Whether Compose stops where it has no value."""
        return self.operator.endswith("?")


Piece = str | Variable
"""Literal text, as it is after Compose has read it, or a variable."""


class Outcome(Struct):
    """What a text becomes, and which variables had no value on the way there."""

    text: str = ""
    missing: list[Variable] = field(default_factory=list)
    """Required ones: Compose refuses the file."""
    unset: list[Variable] = field(default_factory=list)
    """Plain ones: Compose warns, and puts nothing in their place."""


def pieces(text: str) -> tuple[Piece, ...]:
    """The parts of a text in their order. Raises VariableError."""
    return tuple(piece for piece, _ in _parsed(text))


def written(text: str) -> str:
    """The same for Compose, with every `$` that begins nothing doubled: `docker stack` stops at a lone one."""
    if "$" not in text:
        return text
    return "".join("$$" if raw == "$" else raw for _, raw in _parsed(text))


def variables(text: str) -> Iterator[Variable]:
    """Every variable of a text, those inside of words too. Raises VariableError."""
    yield from _all(pieces(text))


def as_written(text: str) -> Iterator[tuple[Variable, str]]:
    """Every variable of a text that is not inside of another, and how it is written. Raises VariableError."""
    return ((piece, raw) for piece, raw in _parsed(text) if isinstance(piece, Variable))


def has_variables(text: str) -> bool:
    """Whether the text doesn't give the value by itself; also where the text has an invalid form."""
    if "$" not in text:
        return False
    try:
        return any(isinstance(piece, Variable) for piece in pieces(text))
    except VariableError:
        return True


def split(text: str, separator: str) -> list[str]:
    """The text split at separators outside of variables."""
    if "$" not in text:
        return text.split(separator)
    try:
        parsed = list(_parsed(text))
    except VariableError:
        return text.split(separator)
    parts = [""]
    for piece, raw in parsed:
        first, *others = [raw] if isinstance(piece, Variable) else raw.split(separator)
        parts[-1] += first
        parts += others
    return parts


def evaluate(text: str, values: Mapping[str, str]) -> Outcome:
    """What Compose makes of a text with these values. Raises VariableError."""
    outcome = Outcome()
    outcome.text = _value(pieces(text), values, outcome)
    return outcome


def _all(parts: tuple[Piece, ...]) -> Iterator[Variable]:
    for part in parts:
        if isinstance(part, Variable):
            yield part
            yield from _all(part.word)


def _parsed(text: str) -> Iterator[tuple[Piece, str]]:
    """The parts, each with the characters that it was written in."""
    position = 0
    while match := _DOLLAR.search(text, position):
        if literal := text[position : match.start()]:
            yield literal, literal
        if match["open"]:
            variable, position = _braced(text, match.start())
            yield variable, text[match.start() : position]
            continue
        position = match.end()
        yield (Variable(match["named"]) if match["named"] else "$"), match[0]
    if literal := text[position:]:
        yield literal, literal


def _braced(text: str, start: int) -> tuple[Variable, int]:
    match = _BRACED.match(text, start)
    if match is None:
        raise VariableError(_complaint(text[start:]))
    whole = match[0]
    if (closing := _closing_brace(whole)) is not None:
        whole = whole[: closing + 1]
        match = _BRACED.match(whole)
        assert match is not None  # noqa: S101  # a shorter text that still begins and ends as it must
    word = pieces(match["word"]) if match["word"] else ()
    return Variable(match["name"], match["operator"] or "", word), start + len(whole)


def _closing_brace(text: str) -> int | None:
    """Where the first brace is closed again, as Compose counts: each `{` opens one, and hides what follows it."""
    depth, index = 0, 0
    while index < len(text):
        if text[index] == "}":
            depth -= 1
            if depth == 0:
                return index
        elif text[index] == "{":
            depth += 1
            index += 1
        index += 1
    return None


def _complaint(text: str) -> str:
    """Without the name that was begun: after a `$` that begins nothing, it is a part of a password."""
    begun = re.match(rf"\$\{{{_NAME}", text)
    if begun is None:
        return "`${` must be followed by the name of a variable: `${NAME}`"
    if text[begun.end() : begun.end() + 1] == "\n" or "}" not in text[begun.end() :]:
        return "`${` is not closed: `${NAME}`"
    if "\n" in text[begun.end() : text.index("}", begun.end())]:
        return "`${` must be closed on its own line"
    return "`${NAME` continues in a form that Compose does not know: use `:-`, `-`, `:?`, `?`, `:+` or `+`"


def _value(parts: tuple[Piece, ...], values: Mapping[str, str], outcome: Outcome) -> str:
    return "".join(part if isinstance(part, str) else _of(part, values, outcome) for part in parts)


def _of(variable: Variable, values: Mapping[str, str], outcome: Outcome) -> str:
    value = values.get(variable.name)
    kind = variable.operator[-1:]
    counts = bool(value) if variable.operator.startswith(":") else value is not None
    if kind == "+":
        return _value(variable.word, values, outcome) if counts else value or ""
    if counts:
        return value or ""
    if kind == "-":
        return _value(variable.word, values, outcome)
    (outcome.missing if kind == "?" else outcome.unset).append(variable)
    return ""
