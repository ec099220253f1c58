r"""Regular expressions of Go, read as Go's own parser reads them. Source: Go's `regexp/syntax`.

Python's parser can't judge: it accepts what Go refuses (`(?=x)`, `\Z`, `a++`), and refuses what Go takes (`(?i)` in the
middle, `\pL`, `[[:alpha:]]`). Names of Unicode scripts are not checked one by one: their list grows with Go.
"""

from __future__ import annotations

import re

from edgegen.core.pattern import late_pattern

_MOST = 1000
"""Repetitions, nested ones multiplied; also groups within groups."""
_ELSEWHERE = {
    "(?=": "look-around", "(?!": "look-around", "(?<=": "look-around", "(?<!": "look-around",
    "(?>": "atomic groups", "(?(": "conditions", "(?#": "comments", "(?P=": "back-references",
}  # fmt: skip
_NAMED = late_pattern(r"\(\?P?<([A-Za-z0-9_]+)>")
_FLAGS = late_pattern(r"\(\?(?:[imsU]*|[imsU]*-[imsU]+)([:)])")
_REPETITION = late_pattern(r"\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}", re.ASCII)
_UNICODE = late_pattern(r"\\[pP](?:[CLMNPSZ]|\{\^?[A-Z][A-Za-z_]*\})")
_POSIX = late_pattern(
    r"\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]"
)
_OCTAL = late_pattern(r"\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})")
_HEX = late_pattern(r"\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})")
_LETTERS = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


def check_regex(text: str) -> str:
    """`text`, where Go takes it. Raises ValueError with a sentence."""
    _Reader(text).expression()
    return text


class _Reader:
    """Goes once over the text. `_atom` is how often the last part repeats something; 0: nothing to repeat."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._groups: list[int] = []
        self._atom = 0
        self._most = 1

    def expression(self) -> None:
        repeated = False
        while self._at < len(self._text):
            mark = self._text[self._at]
            repetition = _REPETITION.match(self._text, self._at) if mark == "{" else None
            if mark in "*+?" or repetition:
                self._repeat(repetition, repeated=repeated)
                repeated = True
                continue
            repeated = False
            self._part(mark)
        if self._groups:
            raise self._wrong("lacks a `)`")

    def _part(self, mark: str) -> None:
        if mark == "(":
            self._open()
        elif mark == ")":
            self._close()
        elif mark == "|":
            self._at += 1
            self._atom = 0
        elif mark == "[":
            self._class()
        elif mark == "\\":
            self._escape()
        else:
            self._single(1)

    def _single(self, length: int) -> None:
        self._at += length
        self._atom = 1

    def _open(self) -> None:
        if not self._text.startswith("(?", self._at):
            return self._enter(1)
        if named := _NAMED.match(self._text, self._at):
            return self._enter(len(named.group()))
        for start, what in _ELSEWHERE.items():
            if self._text.startswith(start, self._at):
                raise self._lacks(what)
        flags = _FLAGS.match(self._text, self._at)
        if flags is None:
            raise self._wrong(f"has a group that Go does not know, at `{self._text[self._at :][:8]}`")
        if flags[1] == ":":
            return self._enter(len(flags.group()))
        self._at = flags.end()
        return None

    def _enter(self, length: int) -> None:
        if len(self._groups) >= _MOST:
            raise self._wrong("is nested too deeply")
        self._groups.append(self._most)
        self._at += length
        self._atom, self._most = 0, 1

    def _close(self) -> None:
        if not self._groups:
            raise self._wrong("has a `)` too many")
        self._at += 1
        self._atom, self._most = self._most, max(self._most, self._groups.pop())

    def _repeat(self, repetition: re.Match[str] | None, *, repeated: bool) -> None:
        if not self._atom:
            raise self._wrong("repeats nothing")
        if repeated:
            raise self._lacks("repeated repetitions")
        if repetition:
            least, most = int(repetition[1]), int(repetition[3] or repetition[1])
            if most < least:
                raise self._wrong(f"has a range that ends before it begins, `{repetition.group()}`")
            self._atom *= max(most, 1)
            if self._atom > _MOST:
                raise self._wrong(f"repeats more than {_MOST} times, which Go does not allow")
            self._most = max(self._most, self._atom)
        self._at += len(repetition.group()) if repetition else 1
        if self._text.startswith("?", self._at):
            self._at += 1

    def _escape(self) -> None:
        following = self._text[self._at + 1 : self._at + 2]
        if following == "Q":
            return self._quoted()
        if following and following in "AbBzdDsSwW":
            return self._single(2)
        if self._unicode():
            return None
        self._character()
        self._atom = 1
        return None

    def _quoted(self) -> None:
        end = self._text.find("\\E", self._at + 2)
        stop = len(self._text) if end < 0 else end
        if stop > self._at + 2:
            self._atom = 1
        self._at = stop if end < 0 else end + 2

    def _unicode(self) -> bool:
        if self._text[self._at + 1 : self._at + 2] not in ("p", "P"):
            return False
        found = _UNICODE.match(self._text, self._at)
        if found is None:
            raise self._wrong(f"has a class that Go does not know, at `{self._text[self._at :][:8]}`")
        self._single(len(found.group()))
        return True

    def _character(self) -> int:
        """Read one character, escaped or not, and give its number."""
        text, at = self._text, self._at
        if at >= len(text):
            raise self._wrong("lacks a `]`")
        if text[at] != "\\":
            self._at += 1
            return ord(text[at])
        following = text[at + 1 : at + 2]
        if not following:
            raise self._wrong("ends with a single backslash")
        if found := _OCTAL.match(text, at):
            self._at = found.end()
            return int(found.group()[1:], 8)
        if (found := _HEX.match(text, at)) and (number := int(found[1] or found[2], 16)) <= 0x10FFFF:
            self._at = found.end()
            return number
        if following.isdigit():
            raise self._lacks("back-references")
        if (following.isalnum() and following not in _LETTERS) or not following.isascii():
            raise self._lacks(f"`\\{following}`")
        self._at += 2
        return _LETTERS.get(following, ord(following))

    def _class(self) -> None:
        self._at += 1
        if self._text.startswith("^", self._at):
            self._at += 1
        first = True
        while first or not self._text.startswith("]", self._at):
            first = False
            self._class_item()
        self._single(1)

    def _class_item(self) -> None:
        text, at = self._text, self._at
        if text.startswith("[:", at) and ":]" in text[at + 2 :]:
            found = _POSIX.match(text, at)
            if found is None:
                raise self._wrong(f"has a class that Go does not know, at `{text[at:][:12]}`")
            self._at = found.end()
        elif text.startswith("\\", at) and text[at + 1 : at + 2] and text[at + 1] in "dDsSwW":
            self._at += 2
        elif not (text.startswith("\\", at) and self._unicode()):
            self._range()

    def _range(self) -> None:
        low = self._character()
        if self._text.startswith("-", self._at) and not self._text.startswith("-]", self._at):
            if self._at + 1 >= len(self._text):
                raise self._wrong("lacks a `]`")
            self._at += 1
            if self._character() < low:
                raise self._wrong("has a range of characters that ends before it begins")

    def _wrong(self, how: str) -> ValueError:
        return ValueError(f"`{self._text[:60]}` is not a regular expression: it {how}")

    def _lacks(self, what: str) -> ValueError:
        return ValueError(f"`{self._text[:60]}` uses {what}, which Go's regular expressions do not have")
