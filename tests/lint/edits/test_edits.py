"""Each helper on each style of YAML: exactly the characters that are meant change, and what is not certain is left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from edgegen.lint import edits
from edgegen.lint.model import File, Spot, Value
from edgegen.lint.rule import Edit


class Nowhere:
    """Places of a file that nobody asks for."""

    def index(self, path, *, key=False):
        raise AssertionError(path)


class At:
    def __init__(self, **places: int) -> None:
        self._places = places

    def index(self, path, *, key=False):
        return self._places[("key_" if key else "") + str(path[-1])]


Do = Callable[[File], Edit | None]


def changed(text: str, do: Do, *, places=None, language: str = "yaml") -> str | None:
    edit = do(File("f", "f", text, places or Nowhere(), language))
    return None if edit is None else text[: edit.start] + edit.text + text[edit.end :]


def spot(file: File, path: str, *, key: bool = False) -> Spot:
    """`services/web/labels/0`."""
    return Spot(file, tuple(int(part) if part.isdigit() else part for part in path.split("/")), key)


def value(file: File, path: str, raw: str = "") -> Value:
    return Value(raw, spot(file, path), raw)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a:\n  old: x # keep\n  b: 1", "a:\n  new: x # keep\n  b: 1"),
        ("a:\r\n  old:   x\r\n", "a:\r\n  new:   x\r\n"),
        ("a: {old: x, b: 1}\n", "a: {new: x, b: 1}\n"),
        ("a: {'old': x}\n", "a: {'new': x}\n"),
        ('a: {"old":x}\n', 'a: {"new":x}\n'),
        ("a:\n  ? old\n  : x\n", "a:\n  ? new\n  : x\n"),
        ("a:\n  &k old: x\n", "a:\n  &k new: x\n"),
        ("# é ü 🐳\na: {é: 1, old: x}\n", "# é ü 🐳\na: {é: 1, new: x}\n"),
        ("x: &c {old: x}\na: *c\n", "x: &c {new: x}\na: *c\n"),
        ("x: &c\n  old: x\na:\n  <<: *c\n  b: 1\n", "x: &c\n  new: x\na:\n  <<: *c\n  b: 1\n"),
    ],
)
def test_rename_key(text: str, after: str) -> None:
    assert changed(text, lambda file: edits.rename_key(spot(file, "a/old"), "new")) == after


@pytest.mark.parametrize(
    ("text", "new", "after"),
    [
        ("a: old\n", "new", "a: new\n"),
        ("a: old # keep\nb: 1\n", "new", "a: new # keep\nb: 1\n"),
        ("a: old", "new", "a: new"),
        ("a: 'old'\n", "it's", "a: 'it''s'\n"),
        ('a: "old"\n', 'say "hi" \\', 'a: "say \\"hi\\" \\\\"\n'),
        ("a: old\n", "true", 'a: "true"\n'),
        ("a: old\n", "3.1", 'a: "3.1"\n'),
        ("a: old\n", "no", 'a: "no"\n'),
        ("a: old\n", "-5", 'a: "-5"\n'),
        ("a: old\n", "", 'a: ""\n'),
        ("a: old\n", "x: y", 'a: "x: y"\n'),
        ("a: old\n", "x #y", 'a: "x #y"\n'),
        ("a: old\n", "Host(`x`) && Path(`/`)", "a: Host(`x`) && Path(`/`)\n"),
        ("a: old\n", "`x`", 'a: "`x`"\n'),
        ("[]\n" and "a: [old, b]\n", "x, y", None),
        ("a: {b: old}\n", "x", None),
        ("a: &x old\nb: 1\n", "new", "a: &x new\nb: 1\n"),
        ("a: &x old\nb: *x\n", "new", None),
        ("b: &x old\na: *x\n", "new", None),
        ("a: !!str old\n", "new", None),
        ("a: |\n  old\n", "new", None),
        ("a:\nb: 1\n", "new", "a: new\nb: 1\n"),
        ("a: first\n  second # c\nb: 1\n", "new", "a: new # c\nb: 1\n"),
        ("a: 'first\n  second'\nb: 1\n", "new", "a: 'new'\nb: 1\n"),
        ("a: old\n", "two\nlines", None),
    ],
)  # fmt: skip
def test_set_scalar(text: str, new: str, after: str | None) -> None:
    assert changed(text, lambda file: edits.set_scalar(spot(file, "a"), new)) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: {b: x,  c: old }\n", "a: {b: x,  c: new }\n"),
        ("a: [1, old,2]\n", None),
    ],
)
def test_set_scalar_in_flow(text: str, after: str | None) -> None:
    assert changed(text, lambda file: edits.set_scalar(spot(file, "a/c"), "new")) == after


def test_a_word_that_would_end_a_flow_collection_is_quoted() -> None:
    assert changed("a: {c: old}\n", lambda file: edits.set_scalar(spot(file, "a/c"), "x, d}")) == 'a: {c: "x, d}"}\n'
    assert changed("a: {c: old}\n", lambda file: edits.set_scalar(spot(file, "a/c"), "x,d")) == 'a: {c: "x,d"}\n'


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: x.old=y\n", "a: x.new=y\n"),
        ("a: 'x.old=y'\n", "a: 'x.new=y'\n"),
        ('a: "\\x41 old" # old\n', 'a: "\\x41 new" # old\n'),
        ("a: >-\n  one\n  old\nb: old\n", "a: >-\n  one\n  new\nb: old\n"),
        ("a: |\r\n  --x=old\r\n", "a: |\r\n  --x=new\r\n"),
        ("a: olden old\n", "a: olden new\n"),
        ("a: old old\n", None),
        ("a: older\n", None),
        ('a: "\\x6fld"\n', None),
        ("b: &x old\na: *x\n", None),
    ],
)
def test_replace_within(text: str, after: str | None) -> None:
    assert changed(text, lambda file: edits.replace_within(spot(file, "a"), "old", "new")) == after


def test_what_needs_quotes_after_a_part_was_replaced_gets_them() -> None:
    do = lambda file: edits.replace_within(spot(file, "a"), "old", "n: #w")  # noqa: E731
    assert changed("a: x old\n", do) == 'a: "x n: #w"\n'
    assert changed("a: 'x old'\n", do) == "a: 'x n: #w'\n"
    assert (
        changed("a: 'x old'\n", lambda file: edits.replace_within(spot(file, "a"), "old", "it's")) == "a: 'x it''s'\n"
    )
    assert changed("a: |\n  x old\n", do) is None


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a:\n  # above\n  old: x # here\n  b: 1\n", "a:\n  # above\n  b: 1\n"),
        ("a:\n  b: 1\n  old: x", "a:\n  b: 1\n"),
        ("a:\r\n  old:\r\n    deep: [1]\r\n    more: |\r\n      text\r\n  b: 1\r\n", "a:\r\n  b: 1\r\n"),
        ("a:\n  b: 1\n  old: |\n    text\n\nc: 1\n", "a:\n  b: 1\nc: 1\n"),
        ("a: {old: x, b: 1}\n", "a: {b: 1}\n"),
        ("a: {b: 1, old: x}\n", "a: {b: 1}\n"),
        ("a: {\n  b: 1,\n  old: [x, y],\n}\n", "a: {\n  b: 1,\n}\n"),
        ("a: {\n  b: 1, # why\n  old: x}\n", None),
        ("a:\n  old: x\n", None),
        ("a: {old: x}\n", None),
        ("a:\n  old: &x 1\n  b: *x\n", None),
        ("a:\n  old: {deep: &x 1}\n  b: *x\n", None),
        ("c: &c\n  old: 1\n  b: 1\na:\n  <<: *c\n", None),
        ("a:\n  ? old\n  : x\n  b: 1\n", None),
    ],
)  # fmt: skip
def test_delete_a_key(text: str, after: str | None) -> None:
    assert changed(text, lambda file: edits.delete(spot(file, "a/old"))) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a:\n- b\n- old # here\n- c\n", "a:\n- b\n- c\n"),
        ("a:\n  - b\n  -   'old'\n", "a:\n  - b\n"),
        ("a:\n  - b\n  - old", "a:\n  - b\n"),
        ("a:\n  - b\n  - old: 1\n    more:\n      - x\n  - c\n", "a:\n  - b\n  - c\n"),
        ("a: [b, old, c]\n", "a: [b, c]\n"),
        ("a: [b, old]\n", "a: [b]\n"),
        ("a:\n  - b\n  - &x old\n", None),
    ],
)
def test_delete_an_item(text: str, after: str | None) -> None:
    assert changed(text, lambda file: edits.delete(spot(file, "a/1"))) == after


def test_delete_the_first_key_behind_a_dash() -> None:
    assert changed("- a: 1\n  b: 2\n", lambda file: edits.delete(spot(file, "0/a"))) == "- b: 2\n"
    assert changed("- a: 1 # x\n  b: 2\n", lambda file: edits.delete(spot(file, "0/a"))) is None


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a:\n  b: 1 # here\n  c: 2\n", "a:\n  b: 1 # here\n  new: v\n  c: 2\n"),
        ("a:\n  b: 1", "a:\n  b: 1\n  new: v"),
        ("a:\r\n  b: '1'\r\n", "a:\r\n  b: '1'\r\n  new: 'v'\r\n"),
        ("a:\n    b:\n        - x\n        - y\n# end\n", "a:\n    b:\n        - x\n        - y\n    new: v\n# end\n"),
        ("a:\n  b: |\n    text\n\n  c: 1\n", "a:\n  b: |\n    text\n\n  new: v\n  c: 1\n"),
        ("a: {b: 1 }\n", "a: {b: 1, new: v }\n"),
        ("a:\n  b:\n", "a:\n  b:\n  new: v\n"),
        ("x: &x\n  b: 1\na: *x\n", None),
        ("x: &x {b: 1}\na:\n  <<: *x\n", None),
    ],
)  # fmt: skip
def test_insert_a_key(text: str, after: str | None) -> None:
    assert changed(text, lambda file: edits.insert_after(spot(file, "a/b"), "new", "v")) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a:\n- b # here\n", "a:\n- b # here\n- new=v\n"),
        ('a:\n  -  "b"\n  - c', 'a:\n  -  "b"\n  -  "new=v"\n  - c'),
        ("a: [b]\n", "a: [b, new=v]\n"),
        ("a:\n  - {b: 1}\n", "a:\n  - {b: 1}\n  - new=v\n"),
    ],
)
def test_insert_an_item(text: str, after: str) -> None:
    assert changed(text, lambda file: edits.insert_after(spot(file, "a/0"), None, "new=v")) == after


def test_a_new_key_behind_a_dash_stands_under_the_first() -> None:
    assert (
        changed("- b: 1\n- c\n", lambda file: edits.insert_after(spot(file, "0/b"), "new", "v"))
        == "- b: 1\n  new: v\n- c\n"
    )


def test_append() -> None:
    text = "a:\n  b: 1\n  c:\n    d: 2\n\n# end\n"
    assert changed(text, lambda file: edits.append(spot(file, "a"), "new", "v")) == text.replace("2\n", "2\n  new: v\n")
    assert changed("a: []\n", lambda file: edits.append(spot(file, "a"), None, "v")) is None
    assert changed("a: 1\n", lambda file: edits.append(Spot(file), "new", "v")) == "a: 1\nnew: v\n"
    assert changed("a: [1]\n", lambda file: edits.append(spot(file, "a"), "new", "v")) is None


LABELS = {
    "list": ("labels:\n  - a.old=x # keep\n  - b=1\n", "labels/0"),
    "quoted list": ('labels:\n  - "a.old=x" # keep\n  - b=1\n', "labels/0"),
    "map": ("labels:\n  a.old: x # keep\n  b: 1\n", "labels/a.old"),
    "flow": ("labels: {a.old: x, b: 1}\n", "labels/a.old"),
}


@pytest.mark.parametrize("style", LABELS)
def test_labels(style: str) -> None:
    text, path = LABELS[style]
    renamed = changed(text, lambda file: edits.rename_label(value(file, path), "a.old", "a.new"))
    assert renamed == text.replace("a.old", "a.new")
    assert changed(text, lambda file: edits.set_label(value(file, path), "a.old", "yy")) == text.replace("x", "yy")
    added = changed(text, lambda file: edits.insert_label(value(file, path), "new", "v"))
    assert added is not None
    before, after = ({**dict(_pairs(yaml.safe_load(item)["labels"]))} for item in (text, added))
    assert after == {**before, "new": "v"}
    assert list(after)[1] == "new"
    assert ("# keep" in added) == ("# keep" in text)


def _pairs(labels):
    return labels.items() if isinstance(labels, dict) else (item.partition("=")[::2] for item in labels)


def test_a_label_without_a_value() -> None:
    assert changed("a:\n- old\n", lambda file: edits.rename_label(value(file, "a/0"), "old", "new")) == "a:\n- new\n"


COMMANDS = [
    ("a:\n  - --x=1\n  - --old=1 # c\n  - --y=1\n", "a/1", "a:\n  - --x=1\n  - --y=1\n", "--new=2 # c"),
    ("a: --x=1 --old=1 --y=1\n", "a", "a: --x=1 --y=1\n", "--new=2 --y"),
    ('a: "--x=1 --old=1"\n', "a", 'a: "--x=1"\n', '--new=2"'),
    ("a: >\n  --x=1\n  --old=1\n  --y=1\n", "a", "a: >\n  --x=1\n  --y=1\n", "\n  --new=2\n  --y"),
    ("a: ['--x=1', '--old=1']\n", "a/1", "a: ['--x=1']\n", "'--new=2']"),
]


@pytest.mark.parametrize(("text", "path", "without", "renamed"), COMMANDS)
def test_flags(text: str, path: str, without: str, renamed: str) -> None:
    assert changed(text, lambda file: edits.delete_flag(value(file, path, "--old=1"))) == without
    found = changed(text, lambda file: edits.rename_flag(value(file, path, "--old=1"), "--old=1", "--new=2"))
    assert found == text.replace("--old=1", "--new=2")
    assert renamed in found


def test_a_new_flag() -> None:
    def after(text: str, path: str) -> str | None:
        return changed(text, lambda file: edits.insert_flag(value(file, path, "--old=1"), "--new=2"))

    assert after("a:\n  - --old=1\n", "a/0") == "a:\n  - --old=1\n  - --new=2\n"
    assert after("a: --old=1 --y\n", "a") == "a: --old=1 --new=2 --y\n"
    assert after("a: >\n  --old=1\n  --y\n", "a") == "a: >\n  --old=1\n  --new=2\n  --y\n"
    assert after("a: --old=1 --old=1\n", "a") is None


def test_toml() -> None:
    text = '[http.routers.web]\nrule = "Host(`a`)"  # keep\n'
    places = At(key_rule=text.index("rule"), rule=text.index('"'))
    rename = changed(
        text, lambda file: edits.rename_key(Spot(file, ("rule",), True), "rul"), places=places, language="toml"
    )
    assert rename == text.replace("rule =", "rul =")
    new = changed(
        text, lambda file: edits.set_scalar(Spot(file, ("rule",)), "Host(`b`)"), places=places, language="toml"
    )
    assert new == text.replace("`a`", "`b`")
    no = changed(text, lambda file: edits.delete(Spot(file, ("rule",))), places=places, language="toml")
    assert no is None


def test_a_fix_is_whole_or_there_is_none() -> None:
    file = File("f", "f", "a: old\n", Nowhere())
    good = edits.set_scalar(spot(file, "a"), "new")
    assert edits.fix("write new", good) is not None
    assert edits.fix("write new", good, None) is None
    assert edits.fix("nothing") is None


words = st.text(st.sampled_from("aZ9 :#,[]{}'\"\\`&*!|>%@-?$~éß=./\t"), min_size=0, max_size=8)
styles = st.sampled_from(
    ["a: {}\nb: 1\n", "a: '{}'\nb: 1\n", 'a: "{}"\nb: 1\n', "{{a: {}, b: 1}}\n", "# c\r\na:   {} # d\r\nb: 1\r\n"]
)


@given(styles, words)
def test_whatever_is_written_is_read_back(style: str, text: str) -> None:
    source = style.format("old")
    after = changed(source, lambda file: edits.set_scalar(spot(file, "a"), text))
    if not text.isprintable():
        assert after is None
        return
    assert after is not None
    assert yaml.safe_load(after) == {"a": text, "b": 1}
    assert after.replace("\r\n", "\n").count("\n") == source.replace("\r\n", "\n").count("\n")
    assert ("# d" in after) == ("# d" in source)
