"""A part of a file that is read alone has the places that it has in the whole, as PyYAML's own composer gives them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edgegen.spec import outline
from edgegen.spec.positions import Positions
from edgegen.spec.source import UNLIMITED, Source, read_yaml

Places = dict[tuple[str | int, ...], tuple[int, int]]


def composed(text: str) -> Places:
    """Path -> where its key and its value start. For texts without aliases."""

    def walk(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], tuple[int, int]]]:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*path, key.value)
                yield inner, (key.start_mark.index, value.start_mark.index)
                yield from walk(value, inner)
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                yield (*path, number), (value.start_mark.index, value.start_mark.index)
                yield from walk(value, (*path, number))

    return dict(walk(yaml.compose(text, yaml.SafeLoader), ()))


def located(source: Source, text: str, paths: Iterator[tuple[str | int, ...]]) -> Places:
    lines = [0, *itertools.accumulate(len(line) for line in text.splitlines(keepends=True))]

    def at(path: tuple[str | int, ...], *, key: bool) -> int:
        place = source.locate(path, key=key)
        assert place.line is not None and place.column is not None
        return lines[place.line - 1] + place.column - 1

    return {path: (at(path, key=True), at(path, key=False)) for path in paths}


def same(text: str) -> int:
    """How many places were compared."""
    source = read_yaml(text.encode(), "f", limits=UNLIMITED)
    expected = composed(text)
    assert located(source, text, iter(expected)) == expected, text
    return len(expected)


KEYS = ["a", "bc", "'d e'", '"f"', "é日", "0", "g.h"]
INLINE = [
    "x", "'y z'", '"q # r"', "{p: 1, q: [2, {r: s}]}", "[1, {k: v}, 3]", "", "12 # said", "!!str 5",
    "{\n        p: 1,\n        q: 2}", "'two\n        lines'", '"two\n  m: lines"', "plain\n        goes on",
    "|\n        text\n          deeper\n\n        end", ">-\n        m: n", "&anchor {p: 1}", "&other x",
]  # fmt: skip
"""Values of a third level, whose further lines are further in."""


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Two levels of keys in block style, mostly, and all kinds of values below."""
    lines: list[str] = [*draw(st.sampled_from([[], ["# a comment"], ["---"]]))]
    for top in draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=4)):
        indent = " " * draw(st.integers(1, 4))
        kind = draw(st.sampled_from(["block"] * 4 + ["flow", "inline", "list", "explicit", "blocked flow"]))
        if kind == "inline":
            lines.append(f"{top}: {draw(st.sampled_from(INLINE))}")
            continue
        keys = draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=4))
        if kind == "flow":
            lines.append(f"{top}: {{{', '.join(f'{key}: {{x: 1}}' for key in keys)}}}")
            continue
        if kind == "blocked flow":
            lines += [f"{top}: {{", *(f"{indent}{key}: [{{x: 1}}, 2]," for key in keys), f"{indent}}}"]
            continue
        lines.append(f"{top}:")
        for key in keys:
            if kind == "list":
                lines += [f"{indent}- {key}: 1", f"{indent}  z: {{y: 2}}"]
            elif kind == "explicit" and draw(st.booleans()):
                lines += [f"{indent}? {key}", f"{indent}: {{x: 1}}"]
            elif draw(st.booleans()):
                lines.append(f"{indent}{key}: {draw(st.sampled_from(INLINE))}")
            else:
                lines.append(f"{indent}{key}:{draw(st.sampled_from(['', ' # why', ' ']))}")
                for inner in draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=3)):
                    lines.append(f"{indent}  {inner}: {draw(st.sampled_from(INLINE))}")
            lines += draw(st.sampled_from([[], [], [""], ["# at the left"], [f"{indent}# inside"]]))
    lines += draw(st.sampled_from([[], ["..."], ["# the end"]]))
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n"]))


def readable(text: str) -> bool:
    try:
        read_yaml(text.encode(), "f", limits=UNLIMITED)
        yaml.compose(text, yaml.SafeLoader)
    except Exception:  # two anchors of one name and the like
        return False
    return True


@given(documents().filter(readable))
def test_a_part_read_alone_has_the_places_of_the_whole(text: str) -> None:
    same(text)


def test_most_documents_are_read() -> None:
    """Or the property would say nothing."""
    seen: list[bool] = []

    @given(documents())
    def look(text: str) -> None:
        seen.append(readable(text))

    look()
    assert sum(seen) > len(seen) / 2


def many(count: int) -> str:
    return "services:\n" + "".join(f"  s{number}:\n    image: x\n    port: {number}\n" for number in range(count))


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes are read again, each time."""
    read: list[int] = []

    def positions(data: bytes, offset: int = 0) -> Positions:
        read.append(len(data))
        return Positions(data, offset)

    monkeypatch.setattr(outline, "Positions", positions)
    monkeypatch.setattr(outline, "positions_of", positions)
    return read


def test_only_the_asked_for_part_is_read_again_and_once(sizes: list[int]) -> None:
    source = read_yaml(many(500).encode(), "f")
    for key in ("image", "port", "missing"):
        source.locate(("services", "s250", key))
    assert sizes == [len("  s250:\n    image: x\n    port: 250\n") + len("  ")]
    source.locate(("services", "s499", "port"))
    assert len(sizes) == 2 and sizes[1] < 50
    source.locate(("services",))
    source.locate(("services", "no such"))
    assert sizes[2:] == [len(many(500))]


@pytest.mark.parametrize(
    "text",
    [
        "a: {b: {c: 1}}\n",
        "a: {\n  b: {c: 1},\n  d: 2}\n",
        "{a: {b: {c: 1}}}\n",
        "a:\n  ? b\n  : {c: 1}\n",
        "x: &x {y: 1}\na:\n  b: *x\n",
        "x: &x {y: 1}\na:\n  <<: *x\n  b: {c: 1}\n",
        "a:\n  <<: {z: 1}\n  b: {c: 1}\n",
        "a:\n- b: {c: 1}\n",
    ],
)
def test_what_does_not_stand_alone_is_read_with_all_the_rest(text: str, sizes: list[int]) -> None:
    source = read_yaml(text.encode(), "f")
    source.locate(("a", "b", "c"))
    assert sizes[-1] == len(text)


def test_a_wrong_outline_is_seen() -> None:
    text = many(3)
    source = read_yaml(text.encode(), "f")
    other = {"s1": "s2", "s2": "s1"}
    keys = [(level, other.get(name, name), index) for level, name, index in source.outline.keys]
    moved = replace(source, outline=replace(source.outline, keys=keys))
    expected = composed(text)
    assert located(moved, text, iter(expected)) != expected
