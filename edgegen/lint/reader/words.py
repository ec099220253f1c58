"""A command in one text -> its words, as Compose splits it. Pure.

Compose's splitter is not a shell: an unquoted `&&`, `|` or `;` ends the command, and the rest is dropped in silence.
"""

from __future__ import annotations

_ENDS = ";&|<>"
_BLANK = " \t\r\n"


def split(text: str) -> list[str]:
    """The words. Where Compose refuses the text, those up to there."""
    return _Splitter().split(text)


class _Splitter:
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
