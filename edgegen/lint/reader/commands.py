"""`command` and `entrypoint`: a list of words, or one text that Compose splits. Pure.

Compose's splitter is not a shell: an unquoted `&&`, `|` or `;` ends the command, and the rest is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.lint.model import Spot, Value
from edgegen.lint.reader.origin import Node
from edgegen.lint.reader.values import items, replaced, value

_ENDS = ";&|<>"
_BLANK = " \t\r\n"
_MARK = "\ue000"
"""Takes the place of a variable without a value while a text is split."""


def words(node: Node) -> tuple[Value, ...]:
    """The words of a command."""
    data, origin = node
    if not isinstance(data, str):
        return tuple(value(item, at) for item, at in items(node))
    file, path = origin.layer.file, origin.path
    if "$" not in data:
        return tuple(Value(word, Spot(file, path, False, origin.after, word), word) for word in _Splitter().split(data))
    return tuple(_of_text(data, node))


def _of_text(data: str, node: Node) -> Iterator[Value]:
    _, origin = node
    values = origin.layer.values
    unset = replaced(data, values)[1]
    marked, _ = replaced(data, {**values, **{name: f"{_MARK}{name}{_MARK}" for name in unset}})
    raw, words_meant = data.split(), _Splitter().split(marked)
    for index, word in enumerate(words_meant):
        parts = word.split(_MARK)
        text = "".join(parts[::2])
        # As many words as in the file: then each is at the place of its counterpart.
        shown = raw[index] if len(raw) == len(words_meant) else word
        yield Value(text, Spot(origin.layer.file, origin.path, False, origin.after, shown), shown, tuple(parts[1::2]))


class _Splitter:
    """The words of a text. Where Compose refuses the text, those up to there."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._word = ""
        self._begun = False
        self._quote = ""
        self._substitution = False

    def split(self, text: str) -> list[str]:
        escaped = False
        for character in text:
            if escaped:
                self._add({"t": "\t", "n": "\n"}.get(character, character))
                escaped = False
            elif character == "\\" and self._quote != "'":
                escaped = True
            elif character in _BLANK:
                self._blank(character)
            elif not self._take(character):
                break
        self._end()
        return self._words

    def _add(self, character: str) -> None:
        self._word += character
        self._begun = True

    def _blank(self, character: str) -> None:
        if self._quote or self._substitution:
            self._word += character
        else:
            self._end()

    def _end(self) -> None:
        if self._begun or self._word:
            self._words.append(self._word)
        self._word, self._begun = "", False

    def _take(self, character: str) -> bool:
        """Add one character; False where the command ends."""
        if character in "\"'" and not self._substitution and self._quote in ("", character):
            self._quote = "" if self._quote else character
            self._begun = True
            return True
        if not self._quote:
            if character == "(" and self._word.endswith("$"):
                self._substitution = True
            elif character == ")" and self._substitution:
                self._substitution = False
            elif character in "()" and not self._substitution:
                return False
            elif character in _ENDS and not self._substitution:
                if character == ">" and self._word[:1].isdigit():
                    self._word, self._begun = "", False
                return False
        self._add(character)
        return True
