"""Every key of a dynamic file, right and broken by rule, and each kind of value in its place.

It knows the table of words and nothing of how edgegen judges: the real Traefik says what comes of each.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.grammar.rows import Rows
from tests.traefik.label_mutations import NAMES, slip

Data = dict[str, Any]
RIGHT: dict[str, tuple[Any, ...]] = {
    "text": ("foo",), "flag": (True,), "number": (42,), "decimal": (0.5,), "duration": ("42s", 7),
    "list": (["foo", "bar"], "foo,bar"), "raw": ({"a": 1},),
}  # fmt: skip
IN_ITS_PLACE: tuple[Any, ...] = (
    "foo", 1, 1.5, True, "yes", "", None, [], ["a"], [1], [{"a": "b"}], [None], [["a"]], {}, {"a": "b"}, {"a": None},
    {"a": {"b": "c"}}, date(2020, 1, 2), ["a", {"b": "c"}], "true", "false", "1s", [1.5], {"a": ["b"]},
)  # fmt: skip
"""Of each kind one, put wherever a key stands."""


def mutants(rows: Rows) -> list[tuple[str, Data]]:
    """The way in which each was made, and its data; the same for each run, in an order that any sample covers."""
    chance = random.Random(0)
    found = [mutant for path, form in rows.items() for mutant in _of(path, form, rows, chance)]
    chance.shuffle(found)
    return found


def _of(path: tuple[str, ...], form: str, rows: Rows, chance: random.Random) -> Iterator[tuple[str, Data]]:
    words = _words(path)
    right = RIGHT.get(form.split()[0], ())
    value = right[0] if right else {"a": "b"}
    for item in right:
        yield "right", _built(words, item, path, rows)
    for item in IN_ITS_PLACE:
        yield "anything", _built(words, item, path, rows)
    yield "misspelt", _built([*words[:-1], slip(words[-1], chance)], value, path, rows)
    at = chance.randrange(len(words))
    yield "misspelt in between", _built([*words[:at], slip(words[at], chance), *words[at + 1 :]], value, path, rows)
    yield "a level too deep", _built(words, {"extra": value}, path, rows)


def _words(path: tuple[str, ...]) -> list[str]:
    return [
        next((name for key, name in NAMES.items() if key in path[depth - 1].lower()), "me") if word == "*" else word
        for depth, word in enumerate(path)
    ]


def _built(words: list[str], value: Any, path: tuple[str, ...], rows: Rows) -> Data:
    for depth in range(len(path), 0, -1):
        if depth < len(path) and rows[path[:depth]].split()[0] == "structs":
            value = [value]
        value = {words[depth - 1]: value}
    found: Data = value
    return found
