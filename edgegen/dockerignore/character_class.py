"""`[…]` and `\\…` in a regular expression as Go reads them. Source: Go's regexp/syntax, parse.go."""

from __future__ import annotations

import string
from collections.abc import Callable

from edgegen.dockerignore.errors import BadPatternError

Accepts = Callable[[str], bool]

_ASCII = [chr(code) for code in range(128)]
_WORD = frozenset(string.ascii_letters + string.digits + "_")
_PERL = {"d": frozenset(string.digits), "s": frozenset("\t\n\f\r "), "w": _WORD}
_POSIX = {
    "alnum": _WORD - {"_"},
    "alpha": frozenset(string.ascii_letters),
    "ascii": frozenset(_ASCII),
    "blank": frozenset("\t "),
    "cntrl": frozenset(character for character in _ASCII if not character.isprintable()),
    "digit": frozenset(string.digits),
    "graph": frozenset(character for character in _ASCII if character.isprintable()) - {" "},
    "lower": frozenset(string.ascii_lowercase),
    "print": frozenset(character for character in _ASCII if character.isprintable()),
    "punct": frozenset(string.punctuation),
    "space": frozenset("\t\n\v\f\r "),
    "upper": frozenset(string.ascii_uppercase),
    "word": _WORD,
    "xdigit": frozenset(string.hexdigits),
}
_CONTROL = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def read_class(text: str, position: int) -> tuple[Accepts, int]:
    """The class that begins at `position`, and where it ends."""
    position += 1
    negated = text.startswith("^", position)
    position += negated
    accepted: list[Accepts] = []
    while not accepted or not text.startswith("]", position):
        one, position = _member(text, position)
        accepted.append(one)
    return lambda character: any(one(character) for one in accepted) != negated, position + 1


def escaped(text: str, position: int) -> tuple[Accepts, int]:
    """What a backslash and the character behind it accept."""
    if perl := _perl(text, position):
        return perl, position + 2
    character, position = _character(text, position)
    return character.__eq__, position


def _member(text: str, position: int) -> tuple[Accepts, int]:
    if named := _named(text, position):
        return named
    if perl := _perl(text, position):
        return perl, position + 2
    low, position = _character(text, position)
    if not text.startswith("-", position) or position + 1 >= len(text) or text[position + 1] == "]":
        return low.__eq__, position
    high, position = _character(text, position + 1)
    if high < low:
        raise BadPatternError(f"`{low}-{high}` is not a range that Docker can read")
    return lambda character: low <= character <= high, position


def _named(text: str, position: int) -> tuple[Accepts, int] | None:
    """`[:alpha:]`, `[:^alpha:]`."""
    if not text.startswith("[:", position) or (end := text.find(":]", position + 2)) < 0:
        return None
    name = text[position + 2 : end]
    if name.removeprefix("^") not in _POSIX:
        raise BadPatternError(f"`[:{name}:]` is not a class that Docker can read")
    return _within(_POSIX[name.removeprefix("^")], negated=name.startswith("^")), end + 2


def _perl(text: str, position: int) -> Accepts | None:
    """`\\d`, `\\W`."""
    letter = text[position + 1 : position + 2] if text.startswith("\\", position) else ""
    known = _PERL.get(letter.lower())
    return _within(known, negated=letter.isupper()) if known else None


def _within(known: frozenset[str], *, negated: bool) -> Accepts:
    return lambda character: (character in known) != negated


def _character(text: str, position: int) -> tuple[str, int]:
    if position >= len(text):
        raise BadPatternError("a class in brackets has no end")
    if text[position] != "\\":
        return text[position], position + 1
    return _escaped_character(text, position + 1)


def _escaped_character(text: str, position: int) -> tuple[str, int]:
    letter = text[position : position + 1]
    if letter.isascii() and letter and not letter.isalnum():
        return letter, position + 1
    if letter in _CONTROL:
        return _CONTROL[letter], position + 1
    octal = _run(text, position, string.octdigits, 3)
    if len(octal) > 1 or octal == "0":
        return chr(int(octal, 8)), position + len(octal)
    if letter == "x" and len(digits := _run(text, position + 1, string.hexdigits, 2)) == 2:
        return chr(int(digits, 16)), position + 3
    raise BadPatternError(f"`\\{letter}` is not an escape that Docker can read")


def _run(text: str, position: int, digits: str, longest: int) -> str:
    taken = text[position : position + longest]
    return taken[: len(taken) - len(taken.lstrip(digits))]
