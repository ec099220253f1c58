"""Which containers Traefik sees: the expressions of a provider's `constraints`, written and evaluated.

Source: Traefik's reference, "Docker provider, constraints", and pkg/provider/constraints/constraints_labels.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"\s*(?:(?P<word>[A-Za-z]+)|(?P<text>`[^`]*`|\"(?:[^\"\\]|\\.)*\")|(?P<mark>&&|\|\||[!(),]))")
_FUNCTIONS = ("Label", "LabelRegex")


def only_label(name: str, value: str) -> str:
    """An expression that only containers with this label satisfy. Raises ValueError for a backtick."""
    if "`" in name + value:
        raise ValueError("a backtick would end the expression's text")
    return f"Label(`{name}`,`{value}`)"


def lets_through(expression: str, labels: Mapping[str, str]) -> bool | None:
    """Whether a container with these labels is seen; None for an expression that can't be read here."""
    if not expression.strip():
        return True
    try:
        return _Reading(list(_tokens(expression)), labels).all_of_it()
    except (ValueError, re.error, RecursionError):
        return None


def _tokens(expression: str) -> Iterator[str]:
    at, text = 0, expression.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise ValueError(f"can't read {text[at : at + 20]!r}")
        at = found.end()
        yield found[0].strip()


@dataclass
class _Reading:
    """A recursive descent over the tokens. Go's `||` binds weaker than `&&`, and `!` strongest."""

    tokens: list[str]
    labels: Mapping[str, str]

    def all_of_it(self) -> bool:
        result = self._any()
        if self.tokens:
            raise ValueError("something follows the expression")
        return result

    def _any(self) -> bool:
        result = self._every()
        while self._take("||"):
            result = self._every() or result
        return result

    def _every(self) -> bool:
        result = self._one()
        while self._take("&&"):
            result = self._one() and result
        return result

    def _one(self) -> bool:
        if self._take("!"):
            return not self._one()
        if self._take("("):
            result = self._any()
            self._need(")")
            return result
        return self._function()

    def _function(self) -> bool:
        name = self._next()
        if name not in _FUNCTIONS:
            raise ValueError(f"`{name}` is not known here")
        self._need("(")
        key = self._text()
        self._need(",")
        value = self._text()
        self._need(")")
        present = self.labels.get(key, "")  # Traefik makes no difference between a missing label and an empty one
        return present == value if name == "Label" else re.search(value, present) is not None

    def _text(self) -> str:
        word = self._next()
        if len(word) < 2 or word[0] not in '`"':
            raise ValueError(f"{word} is not a text")
        return word[1:-1] if word[0] == "`" else re.sub(r"\\(.)", r"\1", word[1:-1])

    def _next(self) -> str:
        if not self.tokens:
            raise ValueError("the expression ends too early")
        return self.tokens.pop(0)

    def _take(self, mark: str) -> bool:
        if self.tokens and self.tokens[0] == mark:
            self.tokens.pop(0)
            return True
        return False

    def _need(self, mark: str) -> None:
        if not self._take(mark):
            raise ValueError(f"`{mark}` is missing")
