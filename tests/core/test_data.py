"""Parts of data of any form: nothing raises, and what is of another kind is empty."""

from __future__ import annotations

import pytest

from edgegen.core.data import items, mapping

DATA = {"a": {"b": {"c": 1}, "list": [1], "text": "x", "none": None}}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), DATA), (("a", "b"), {"c": 1}),
        (("a", "list"), {}), (("a", "text"), {}), (("a", "none"), {}), (("a", "b", "c"), {}),
        (("a", "b", "c", "d"), {}), (("nothing",), {}), (("a", "list", 0), {}),
    ],
)  # fmt: skip
def test_a_mapping(path: tuple[str | int, ...], expected: object) -> None:
    assert mapping(DATA, *path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [(("a", "list"), [1]), ((), []), (("a", "text"), []), (("a", "none"), []), (("b", "list"), [])],
)
def test_a_list(path: tuple[str, ...], expected: object) -> None:
    assert items(DATA, *path) == expected


def test_data_that_is_no_mapping() -> None:
    assert (mapping(None), mapping([1], "a"), items("text"), items([2])) == ({}, {}, [], [2])
