"""Traefik's flags, read as its own parser reads them.

Source: paerser's flag/flagparser.go, and runs of 3.7.15. Reading ends without a word at the first argument that is not
a flag, so `--api true --providers.docker` has no provider.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence

from edgegen.lint.model import Service, Value
from edgegen.lint.sources import Flags

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "env", "tini", "dumb-init", "su-exec", "gosu", "exec"})
_SCRIPT = "entrypoint.sh"
_PROGRAM = "traefik"
TakesNext = Callable[[str], bool]
"""Whether a flag without `=` takes the next argument: it does unless it is a boolean or turns a group on."""


def arguments(service: Service) -> tuple[list[Value], bool]:
    """What comes after `traefik`, and whether something else than Traefik itself runs, so that nobody can tell.

    The image's own entrypoint takes flags, `traefik` with flags, and programs.
    """
    words = list(service.command)
    if service.entrypoint:
        words = [*service.entrypoint, *words]
        if _base(words[0]) == _SCRIPT:
            words = words[1:]
        elif _base(words[0]) != _PROGRAM:
            return [], True
    if words and _base(words[0]) == _PROGRAM:
        words = words[1:]
    is_script = words and words[0].text.startswith("/") and not words[0].text.startswith("/-")
    if is_script or (words and _base(words[0]) in _SHELLS):
        return [], True
    return words, False


def _base(word: Value) -> str:
    return posixpath.basename(word.text)


def read_flags(words: Sequence[Value], takes_next: TakesNext, is_list: Callable[[str], bool]) -> Flags:
    """All arguments after `traefik`."""
    return _Reading(list(words), takes_next, is_list).flags()


class _Reading:
    def __init__(self, words: list[Value], takes_next: TakesNext, is_list: Callable[[str], bool]) -> None:
        self._words = words
        self._at = 0
        self._takes_next = takes_next
        self._is_list = is_list
        self._options: dict[str, Value] = {}
        self._spelled: dict[str, str] = {}
        self._last: dict[str, Value] = {}
        self._repeated: list[tuple[str, Value]] = []
        self._borrowed: list[tuple[str, Value, Value]] = []
        self._hidden = False

    def flags(self) -> Flags:
        stopped: Value | None = None
        refused: tuple[Value, str] | None = None
        while self._at < len(self._words) and stopped is None and refused is None:
            word = self._words[self._at]
            self._at += 1
            name = word.text[2:] if word.text.startswith("--") else word.text[1:]
            if _may_be_anything(word):
                self._hidden = True
            elif not word.text.startswith("-") or word.text in ("-", "--"):
                stopped = word
            elif name[:1] in ("", "-", "="):
                refused = (word, f"`{word.text}` is not a flag")
            else:
                refused = self._flag(word, name)
        return Flags(
            self._options,
            self._spelled,
            self._last,
            tuple(self._repeated),
            tuple(self._borrowed),
            stopped,
            tuple(self._words[self._at :]) if stopped else (),
            refused,
            self._hidden,
        )

    def _flag(self, word: Value, name: str) -> tuple[Value, str] | None:
        written, equals, text = name.partition("=")
        if not equals and self._takes_next(written.lower()):
            if self._at >= len(self._words):
                return word, f"`{word.text}` has no value"
            following = self._words[self._at]
            self._at += 1
            self._borrowed.append((written.lower(), word, following))
            self._set(written, word, Value(following.text, following.spot, following.raw, following.unset))
        else:
            self._set(written, word, Value(text if equals else "true", word.spot, word.raw, word.unset))
        return None

    def _set(self, written: str, word: Value, value: Value) -> None:
        option = written.lower()
        before = self._options.get(option)
        self._spelled.setdefault(option, written)
        if before is not None and self._is_list(option):
            value = Value(f"{before.text},{value.text}", value.spot, value.raw, (*before.unset, *value.unset))
        elif before is not None:
            self._repeated.append((option, self._last[option]))
        self._options[option] = value
        self._last[option] = word


def _may_be_anything(word: Value) -> bool:
    """Whether variables without a value stand where the flag's name should be."""
    return bool(word.unset) and "$" in word.raw.partition("=")[0]
