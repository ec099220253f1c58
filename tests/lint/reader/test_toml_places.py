"""Places of TOML: each value is found where it is written."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgegen.lint.reader.toml_places import TomlPlaces

TEXT = '''# a = 0
a = 1   # one
"b c".d = "x # not a comment"
[t]
s = """two
[lines] = "x" """
[t.'sub table']   # comment
list = [1, [2, 3], {k = "}", l.m = 4}, # inside
  5,
]
[[http.routers]]
name = 'one'
  [http.routers.tls]
  on = true
[[http.routers]]
name = "two\\""
date = 1979-05-27 07:32:00
'''


@pytest.mark.parametrize(
    ("path", "starts"),
    [
        (("a",), "1   #"),
        (("b c", "d"), '"x #'),
        (("t", "s"), '"""two'),
        (("t", "sub table", "list"), "[1, [2"),
        (("t", "sub table", "list", 1, 1), "3], {"),
        (("t", "sub table", "list", 2, "k"), '"}"'),
        (("t", "sub table", "list", 2, "l", "m"), "4}"),
        (("t", "sub table", "list", 3), "5,\n"),
        (("http", "routers", 0, "tls", "on"), "true"),
        (("http", "routers", 1, "name"), '"two'),
        (("http", "routers", 1, "date"), "1979-05"),
        (("http", "routers", 1), '[[http.routers]]\nname = "two'),
    ],
)
def test_a_value_is_found(path: tuple[str | int, ...], starts: str) -> None:
    tomllib.loads(TEXT)
    assert TEXT[TomlPlaces(TEXT).index(path) :].startswith(starts)


def test_a_key_is_found_and_what_is_not_there_is_its_parent() -> None:
    places = TomlPlaces(TEXT)
    assert TEXT[places.index(("t", "sub table"), key=True) :].startswith("'sub table'")
    assert TEXT[places.index(("t", "sub table", "list"), key=True) :].startswith("list = ")
    assert places.index(("t", "s", "x")) == places.index(("t", "s"), key=True)
    assert places.index(("nowhere",)) == 0


SCALARS = st.one_of(st.integers(-9, 9), st.booleans(), st.text(max_size=5))
KEYS = st.text(max_size=4)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)


def written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)} = {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return '"' + "".join(f"\\U{ord(char):08x}" for char in value) + '"'


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key), item
        yield from paths(item, (*path, key))


@pytest.mark.slow
@given(st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=3), max_size=3))
def test_every_value_stands_where_its_place_is(data: dict[str, dict[str, Any]]) -> None:
    text = "".join(
        f"[{written(name)}]\n" + "".join(f"{written(key)} = {written(value)} # x\n" for key, value in table.items())
        for name, table in data.items()
    )
    assert tomllib.loads(text) == data
    places = TomlPlaces(text)
    for path, value in paths(data):
        if len(path) > 1:
            assert text[places.index(path) :].startswith(written(value))
