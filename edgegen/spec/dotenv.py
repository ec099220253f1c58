"""The format of `.env`, as Compose reads it. Pure.

Compose has its own dialect: of a hundred lines that people write, python-dotenv reads thirty differently
(`$NAME` without braces, `KEY: value`, `\\$`, single quotes, a `#` after a tab). This reader follows Compose's.
"""

from __future__ import annotations

import re
import unicodedata
from collections import ChainMap
from collections.abc import Mapping
from typing import NamedTuple, NoReturn

from edgegen.core.errors import SpecError
from edgegen.core.location import Location
from edgegen.core.pattern import late_pattern
from edgegen.spec.variables import VariableError, evaluate

# What Go takes for white space; Python counts four control characters more.
_SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
_BLANK = "\t\v\f\r \x85\xa0"
_SKIPPED = late_pattern(rf"(?:[{_SPACE}]+|#[^\n]*(?=\n|\Z))*")
_EXPORT = late_pattern(rf"export[\t\n\f\r ]+[{_BLANK}]*")
_ESCAPE = late_pattern(r'\\(?:[abcfnrtv$"\\]|0[0-9]{0,3})')
_NAMED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "$": "$$", '"': '"', "\\": "\\"}


class _Key(NamedTuple):
    name: str
    end: int
    inherited: bool
    """A name without a value: the environment's value is meant."""


class Expanded(NamedTuple):
    """A value in which Compose replaced a variable that has none."""

    name: str
    start: int
    end: int
    """From its first character up to the end, quotes included."""
    unset: tuple[str, ...]
    """Those variables."""


def expansions(text: str, environ: Mapping[str, str]) -> list[Expanded]:
    """The values that lose a part to a variable without a value; none where Compose refuses the file."""
    reader = _Reader(text, environ, "")
    try:
        reader.read()
    except SpecError:
        return []
    return reader.expanded


def parse(
    text: str, environ: Mapping[str, str], filename: str = ".env", *, earlier: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The values of a file. Where they refer to each other `environ` comes before them, and `earlier` files after.

    Raises SpecError with the line of what Compose refuses; no value is shown.
    """
    return _Reader(text.removeprefix("\ufeff"), environ, filename, earlier or {}).read()


class _Reader:
    def __init__(
        self, text: str, environ: Mapping[str, str], filename: str, earlier: Mapping[str, str] | None = None
    ) -> None:
        self._text = text
        self._filename = filename
        self._values: dict[str, str] = {}
        self._known = ChainMap(dict(environ), self._values, dict(earlier or {}))
        self.expanded: list[Expanded] = []

    def read(self) -> dict[str, str]:
        position = self._skip(0)
        while position < len(self._text):
            key = self._key(position)
            if key.inherited:
                if (value := self._known.get(key.name)) is not None:
                    self._values[key.name] = value
                position = key.end
            else:
                self._values[key.name], position = self._value(key.name, key.end)
            position = self._skip(position)
        return self._values

    def _skip(self, position: int) -> int:
        match = _SKIPPED.match(self._text, position)
        return match.end() if match else position

    def _key(self, start: int) -> _Key:
        if match := _EXPORT.match(self._text, start):
            start = match.end()
        for index in range(start, len(self._text)):
            character = self._text[index]
            if character in "=:\n":
                name = self._text[start:index].rstrip(_SPACE)
                if " " in name:
                    self._refuse("the name of a variable can't hold a space", start)
                return _Key(name, self._blanks(index + 1), character == "\n")
            if character not in "_.-[]" and character not in _BLANK and unicodedata.category(character)[0] not in "LN":
                self._refuse("a line must be `NAME=value`, and this name has a character that Compose refuses", start)
        if start == len(self._text):
            self._refuse("`export` needs the name of a variable", start)
        return _Key("", self._blanks(start), False)

    def _blanks(self, position: int) -> int:
        while self._text[position : position + 1] and self._text[position] in _BLANK:
            position += 1
        return position

    def _value(self, name: str, start: int) -> tuple[str, int]:
        quote = self._text[start : start + 1]
        if quote in ("'", '"'):
            return self._quoted(name, start, quote)
        end = self._text.find("\n", start)
        end = len(self._text) if end < 0 else end
        value = self._text[start:end].partition(" #")[0].rstrip(_SPACE)
        return self._evaluated(value, Expanded(name, start, start + len(value), ())), end

    def _quoted(self, name: str, start: int, quote: str) -> tuple[str, int]:
        characters: list[str] = []
        escaped = False
        for index in range(start + 1, len(self._text)):
            character = self._text[index]
            if character == quote and not escaped:
                value = "".join(characters)
                whole = Expanded(name, start, index + 1, ())
                return self._evaluated(_ESCAPE.sub(_escape, value), whole) if quote == '"' else value, index + 1
            if character == "\\" and not escaped:
                escaped = True
                continue
            characters.append(f"\\{character}" if escaped and character != quote else character)
            escaped = False
        return self._refuse("the quote that begins here is never closed", start)

    def _evaluated(self, value: str, at: Expanded) -> str:
        if "$" not in value:
            return value
        try:
            outcome = evaluate(value, self._known)
        except VariableError as error:
            self._refuse(str(error), at.start)
        if outcome.missing:
            self._refuse(f"{outcome.missing[0].name} is required here, and it has no value", at.start)
        if outcome.unset:
            self.expanded.append(at._replace(unset=tuple(item.name for item in outcome.unset)))
        return outcome.text

    def _refuse(self, message: str, position: int) -> NoReturn:
        line = self._text.count("\n", 0, position) + 1
        column = position - (self._text.rfind("\n", 0, position) + 1) + 1
        raise SpecError(message, where=Location(self._filename, line, column), hint="Compose refuses this file as well")


def _escape(match: re.Match[str]) -> str:
    word = match[0][1:]
    if word[0] != "0":
        return _NAMED.get(word, match[0])
    digits = word[1:]
    if len(digits) == 3 and digits[0] in "0123" and not set(digits) & set("89"):
        return chr(int(digits, 8))
    return f"\\{digits}"
