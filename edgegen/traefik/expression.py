"""Expressions of Traefik, as Go reads them: calls joined by `&&`, `||`, `!` and brackets. Pure.

Source: traefik 3.7, pkg/rules/parser.go and pkg/provider/constraints: both hand the text to Go's own parser.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown

T = TypeVar("T")
_SPACE = r"(?:\s|//[^\n]*|/\*(?s:.*?)\*/)*"
"""Go's comments count as space."""
_BLANK = late_pattern(_SPACE)
_TOKEN = late_pattern(
    _SPACE + r"""(?:(?P<word>[A-Za-z]+)|(?P<text>`[^`]*`|"(?:[^"\\\n]|\\.)*")|(?P<mark>&&|\|\||[!(),]))"""
)
_ESCAPE = late_pattern(r"""\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([abfnrtv\\"]))""")
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while (space := _BLANK.match(text, at)) and space.end() < len(text):
        token = _TOKEN.match(text, at)
        if not token:
            raise ValueError(
                f"Traefik can't read the rule from `{shown(text[at : at + 20])}` on: arguments must be in backticks"
            )
        if found and found[-1][-1] not in "(,!|&" and "\n" in token[0][: token.start(token.lastgroup or 0) - at]:
            raise ValueError("a line of a rule ends with `&&`, `||`, `(` or `,`: else Traefik takes the rule as ended")
        found.append(token[token.lastgroup or 0])
        at = token.end()
    return found


def _text(token: str) -> str:
    if token[0] == "`":
        return token[1:-1].replace("\r", "")
    if "\\" in _ESCAPE.sub("", token):
        raise ValueError(f"the text {shown(token)} has an escape that Go does not know")
    return _ESCAPE.sub(lambda found: _LETTERS.get(found[4]) or chr(int(found[1] or found[2] or found[3], 16)), token)[
        1:-1
    ]


class Expression(ABC, Generic[T]):
    """A recursive descent over the tokens. `||` binds weaker than `&&`, and `!` strongest. All raise ValueError."""

    def __init__(self, text: str) -> None:
        self._left = _tokens(text)

    @abstractmethod
    def some(self, items: list[T]) -> T:
        """Two or more, joined by `||`."""

    @abstractmethod
    def every(self, items: list[T]) -> T:
        """Two or more, joined by `&&`."""

    @abstractmethod
    def negated(self, item: T) -> T:
        """What `!` makes of an item."""

    @abstractmethod
    def call(self, name: str, args: list[str]) -> T:
        """A function with its arguments."""

    def known(self, word: str) -> str:
        """The function that a word names."""
        return word

    def whole(self) -> T:
        """All of the text."""
        if not self._left:
            raise ValueError("the rule is empty")
        found = self._some()
        if self._left:
            raise ValueError(f"`{shown(self._left[0])}` follows where the rule should end: join with `&&` or `||`")
        return found

    def _some(self) -> T:
        items = [self._every()]
        while self._take("||"):
            items.append(self._every())
        return items[0] if len(items) == 1 else self.some(items)

    def _every(self) -> T:
        items = [self._one()]
        while self._take("&&"):
            items.append(self._one())
        return items[0] if len(items) == 1 else self.every(items)

    def _one(self) -> T:
        if self._take("!"):
            return self.negated(self._one())
        if self._take("("):
            found = self._some()
            self._need(")")
            return found
        name = self.known(self._next())
        return self.call(name, self._args(name))

    def _args(self, name: str) -> list[str]:
        self._need("(")
        args: list[str] = []
        while not self._take(")"):
            if args:
                self._need("," if self._left and self._left[0][0] in ',`"' else ")")
                if self._take(")"):
                    break
            token = self._next()
            if token[0] not in '`"':
                raise ValueError(f"the argument `{shown(token)}` of {name} must be in backticks")
            args.append(_text(token))
        return args

    def _next(self) -> str:
        if not self._left:
            raise ValueError("the rule ends too early")
        return self._left.pop(0)

    def _take(self, mark: str) -> bool:
        if self._left and self._left[0] == mark:
            self._left.pop(0)
            return True
        return False

    def _need(self, mark: str) -> None:
        if not self._take(mark):
            raise ValueError(f"`{mark}` is missing" + (f" before `{shown(self._left[0])}`" if self._left else ""))
