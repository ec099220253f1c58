"""Every label of the grammar, right and broken in each way that people break them: a list made by rule, not by hand.

It knows the table of words and nothing of how edgegen judges: the real Traefik says what comes of each.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.grammar.rows import Rows
from tests.traefik.label_oracle import Case

NAMES = {"headers": "X-Test", "plugin": "mine", "stores": "default"}
"""What stands for `*` below a word; elsewhere it is the name of the case."""
RIGHT = {
    "text": ("foo",), "flag": ("true", "false"), "number": ("42",), "decimal": ("0.5",), "duration": ("42s", "7"),
    "list": ("foo,bar",), "raw": (),
}  # fmt: skip
WRONG = {
    "flag": ("yes", "on", "TRUe", " true", "2"), "number": ("foo", "1.5", "42s", " 1", "1_000", ""),
    "duration": ("foo", "42d", "1.5", "-", " 1s"), "decimal": ("foo", "1,5"),
}  # fmt: skip
NOT_BESIDE = ("*", "rule", "service", "url")
"""The container of each case says these itself."""


@dataclass(frozen=True)
class Mutant:
    """A label with the way in which it was made."""

    way: str
    case: Case

    @property
    def is_wrong(self) -> bool:
        """Whether what it says can't be what anybody means."""
        return self.way not in ("right", "in other case", "bare")


def mutants(rows: Rows, known: Rows | None = None) -> list[Mutant]:
    """Of every word that labels may hold, all mutants; the same for each run.

    `known`: the words of the Traefik that is asked, where it is not the one of the rows.
    """
    chance = random.Random(0)
    rights = {path: form for path, form in rows.items() if (known or rows).get(path) == form}
    found: dict[tuple[str, str], Mutant] = {}
    for path, form in rows.items():
        for mutant in _of(path, form, rows, rights, chance):
            found.setdefault((mutant.case.label, mutant.case.value), mutant)
    return list(found.values())


def _of(path: tuple[str, ...], form: str, rows: Rows, rights: Rows, chance: random.Random) -> Iterator[Mutant]:
    kind = form.split()[0]
    words = _words(path, rows)
    value = (RIGHT.get(kind) or ("true",))[0]
    label = _label(words)
    beside = _beside(path, rights)

    def mutant(way: str, label: str, value: str = value) -> Mutant:
        return Mutant(way, Case(label, value, beside))

    if kind in RIGHT:
        yield from (mutant("right", label, text) for text in RIGHT[kind])
        yield mutant("in other case", _label([*words[:-1], words[-1].upper()]))
    else:
        yield from (mutant("a value where words are missing", label, text) for text in ("true", "foo", ""))
    yield from (mutant("wrong value", label, text) for text in WRONG.get(kind, ()))
    if "#" not in words[-1]:
        yield mutant("misspelt", _label([*words[:-1], slip(words[-1], chance)]))
    between = [at for at in range(1, len(words) - 1) if "#" not in words[at]]
    if between:
        at = chance.choice(between)
        yield mutant("misspelt in between", _label([*words[:at], slip(words[at], chance), *words[at + 1 :]]))
    if len(words) > 3:
        yield mutant("a level too high", _label([*words[:-2], words[-1]]))
    yield mutant("a level too deep", _label([*words[:-1], "extra", words[-1]]))
    yield mutant("a word too much", f"{label}.extra")
    if kind != "structs":
        yield mutant("an index too much", f"{label}[0]")


def _beside(path: tuple[str, ...], rows: Rows) -> dict[str, str]:
    """A right label of the same struct, or of the one above: what is lost with the one under test is only its own."""
    for depth in range(len(path) - 1, 1, -1):
        for other, form in rows.items():
            if other[:-1] != path[:depth] or other == path or other[-1] in NOT_BESIDE:  # most are, and it costs little
                continue
            if form.split()[0] in ("text", "list") and not _is_hidden(other, rows):
                return {_label(_words(other, rows)): "beside"}
    return {}


def _is_hidden(path: tuple[str, ...], rows: Rows) -> bool:
    """Whether labels can't say it, or a word above it."""
    return any("-label" in rows[path[:depth]].split() for depth in range(1, len(path) + 1))


def _label(words: list[str]) -> str:
    return ".".join(["traefik", *words])


def _words(path: tuple[str, ...], rows: Rows) -> list[str]:
    """A path as the words of a label: names for `*`, indexes for lists, the one server for the servers."""
    return [_word(path[:depth], rows, is_last=depth == len(path)) for depth in range(1, len(path) + 1)]


def _word(path: tuple[str, ...], rows: Rows, *, is_last: bool) -> str:
    form = rows[path].split()
    if single := next((mark[1:] for mark in form if mark[0] == "="), ""):
        return single
    if path[-1] == "*":
        return next((name for key, name in NAMES.items() if key in path[-2].lower()), "#")
    return path[-1] if is_last or form[0] != "structs" else f"{path[-1]}[0]"


def slip(word: str, chance: random.Random) -> str:
    """The word with one slip of the pen."""
    at = chance.randrange(len(word))
    return chance.choice(
        [word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word + "s", word[:at] + "x" + word[at + 1 :],
         word[:-2] + word[-1] + word[-2] if len(word) > 1 else word + "x", word.replace("s", "", 1) or "x"]
    )  # fmt: skip
