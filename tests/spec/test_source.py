# ruff: noqa: E501 (tables of texts and sentences read better with wide lines)
"""What a YAML text means here, where its parts stand, and what is refused with which sentence."""

from __future__ import annotations

import gc
import json
import re
import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from edgegen.core.errors import SpecError
from edgegen.spec.source import DEFAULT, UNLIMITED, Limits, check_size, read_yaml


@pytest.fixture(params=["libyaml", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same with libyaml and without it."""
    name: str = request.param
    if name == "libyaml":
        assert yaml.__with_libyaml__, "the tests need a PyYAML that was built with libyaml"
    else:
        monkeypatch.setattr(yaml, "__with_libyaml__", False)
    return name


def read(text: str | bytes, **options: Any) -> Any:
    return read_yaml(text.encode() if isinstance(text, str) else text, "edge.yaml", **options).data


def refusals(text: str | bytes, **options: Any) -> list[str]:
    with pytest.raises(SpecError) as caught:
        read(text, **options)
    assert caught.value.exit_code == 2
    lines = [str(problem) for problem in caught.value.problems]
    assert all("\n" not in line for line in lines)
    return lines


def refusal(text: str | bytes, **options: Any) -> str:
    (line,) = refusals(text, **options)
    return line


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("Off", "Off"), ("y", "y"), ("N", "N"),
        ("true", True), ("True", True), ("TRUE", True), ("tRUE", "tRUE"), ("false", False),
        ("null", None), ("~", None), ("", None), ("Null", None), ("nULL", "nULL"),
        ("0", 0), ("-7", -7), ("+5", 5), ("8080", 8080), ("0o14", 12), ("0o644", 420), ("0x1F", 31), ("0b11", "0b11"),
        ("22:22", "22:22"), ("190:20:30", "190:20:30"), ("1_000", "1_000"), ("2024-13-45", "2024-13-45"),
        ("2024-01-02", "2024-01-02"), ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"),
        ("1e3", 1000.0), ("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("-1.5E-3", -0.0015), ("1.2.3", "1.2.3"),
        ("0.5", 0.5), ("-0", 0), ("+", "+"), (".", "."), ("-x", "-x"), ("=", "="), ("1e", "1e"), ("0o9", "0o9"),
        ("9223372036854775807", 2**63 - 1), ('"0755"', "0755"), ("'no'", "no"), ("!!str 12", "12"), ("! 12", "12"),
        ("!!int 12", 12), ("!!float 1.5", 1.5), ("!!bool true", True), ("!!null ~", None), ("!!map {}", {}), ("!!seq []", []),
    ],
)  # fmt: skip
def test_a_plain_value_is_what_yaml_1_2_says(parser: str, text: str, value: object) -> None:
    for found in (read(f"a: {text}\n")["a"], read(f"a: [{text}]\n")["a"][0] if text else value):
        assert found == value
        assert isinstance(found, type(value))


def test_a_number_remembers_how_it_was_written(parser: str) -> None:
    data = read("a: 1.10\nb: 0o644\nc: +5\nd: 1.5\ne: 12\n")
    assert [getattr(value, "text", None) for value in data.values()] == ["1.10", "0o644", "+5", None, None]
    assert json.dumps(data) == '{"a": 1.1, "b": 420, "c": 5, "d": 1.5, "e": 12}'


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("0755", "`0755` is read differently by every YAML parser: write 0o755 for a file mode, or put it in quotes"),
        ("-0755", "write 0o755"),
        ("089", "`089` is read differently by every YAML parser: put it in quotes"),
        (".inf", "`.inf` is not a usable number"),
        ("-.Inf", "not a usable number"),
        (".nan", "not a usable number"),
        ("1e999", "too large to keep"),
        ("9" * 5000, "beyond 64 bits"),
        ("9223372036854775808", "beyond 64 bits"),
        ("0x" + "f" * 40, "beyond 64 bits"),
        ("!!python/object/apply:os.system [x]", "the tag `!!python/object/apply:os.system` is not allowed"),
        ("!mine x", "a tag is not allowed here: a text that begins with `!` needs quotes"),
        ("!reset x", "the tag `!reset` is not allowed"),
        ("!!binary aGk=", "the tag `!!binary` is not allowed"),
        ("!!set {}", "the tag `!!set` is not allowed"),
        ("!!int x", "the tag `!!int` is not allowed"),
    ],
)
def test_a_value_that_would_change_silently_is_refused(parser: str, value: str, sentence: str) -> None:
    for text, place in ((f"a: {value}\n", "1:4"), (f"x:\n  - {value}\n", "2:5")):
        line = refusal(text)
        assert line.startswith(f"edge.yaml:{place}: ")
        assert sentence in line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "edge.yaml:4:3: the key `c` is here a second time (first at edge.yaml:3:3): remove one of the two"),
        ("a: {b: 1, 'b': 2}\n", "edge.yaml:1:11: the key `b` is here a second time (first at edge.yaml:1:5): remove one of the two"),
        ("a: {<<: {}, <<: {}}\n", "edge.yaml:1:13: a second `<<` in one mapping: write `<<: [*a, *b]`"),
        ("a:\n\tb: 1\n", "edge.yaml:2:1: a tab can't be used for indentation: use spaces"),
        ("a:\n  b: 1\n\tc: 2\n", "edge.yaml:3:1: a tab can't be used for indentation: use spaces"),
        ("a:\n  b: 1\n\n\xa0 # c\n\xa0 d: 2\n", "edge.yaml:4:1: a no-break space (U+00A0) can't be used for indentation: use spaces"),
        ("a:\n  b: 1\n \xa0c: 2\n", "edge.yaml:3:2: a no-break space (U+00A0) can't be used for indentation: use spaces"),
        ("a: '\xa0'\nb: c: d\n", "edge.yaml:2:5: a second `: ` in one line: put the value in quotes, or fix the indentation"),
        ("a: 1\n---\nb: 1\n", "edge.yaml:2:1: a second document starts here: keep one document in a file"),
        ("", "edge.yaml: the file is empty"),
        ("# nothing\n", "edge.yaml: the file is empty"),
        ("---\n", "edge.yaml:1:1: expected `key: value` lines at the top of the file"),
        ("- 1\n", "edge.yaml:1:1: expected `key: value` lines at the top of the file"),
        ("? [a]\n: 1\n", "edge.yaml:1:3: a key must be plain text, not a list, mapping or alias"),
        ("a: {{b}}\n", "edge.yaml:1:5: a key must be plain text, not a list, mapping or alias"),
        ("a: &a [*a]\n", "edge.yaml:1:8: the alias `*a` is inside the anchor that it refers to"),
        ("a: &a {<<: *a}\n", "edge.yaml:1:12: the alias `*a` is inside the anchor that it refers to"),
        ("a: *b\n", "edge.yaml:1:4: there is no anchor above for this alias: a text that begins with `*` needs quotes"),
        ("a: &b\n", "edge.yaml:1:4: an anchor without a value: a text that begins with `&` needs quotes"),
        ("a: {<<: 3}\n", "edge.yaml:1:9: `<<` takes a mapping or a list of mappings, like `<<: *name`"),
        ("a: {<<: [{}, 3]}\n", "edge.yaml:1:9: `<<` takes a mapping or a list of mappings, like `<<: *name`"),
        ("a: b: c\n", "edge.yaml:1:5: a second `: ` in one line: put the value in quotes, or fix the indentation"),
        ("a: @x\n", "edge.yaml:1:4: this character can't start a value: put the value in quotes"),
        ("a: 'x\n", "edge.yaml:1:4: a quote is not closed before the end of the file"),
        ("a: [1, 2\n", "edge.yaml:1:4: a `,` is missing, or this list is not closed with `]`"),
        ("a: {b: 1\n", "edge.yaml:1:4: a `,` is missing, or this mapping is not closed with `}`"),
        ("é: \x01\n", "edge.yaml:1:4: the character U+0001 isn't allowed in YAML: write it as an escape in double quotes"),
    ],
)  # fmt: skip
def test_each_mistake_has_one_sentence_with_its_place(parser: str, text: str, line: str) -> None:
    assert refusal(text) == line


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("a: b".encode("utf-16"), "edge.yaml: the file is UTF-16 (byte offset 0): save it as UTF-8"),
        ("a: b".encode("utf-16-le"), "edge.yaml: NUL at byte offset 1: the file is not UTF-8 text"),
        ("a: é".encode("latin-1"), "edge.yaml: byte 0xe9 at byte offset 3 is not UTF-8: save the file as UTF-8"),
        (
            b"a: \xed\xa0\x80",
            "edge.yaml: byte 0xed at byte offset 3 is half of a surrogate pair: save the file as UTF-8",
        ),
        (b"a: \x00", "edge.yaml: NUL at byte offset 3: the file is not UTF-8 text"),
        (b"a: \xc3", "edge.yaml: byte 0xc3 at byte offset 3 is not UTF-8: save the file as UTF-8"),
    ],
)
def test_only_utf_8_is_read(data: bytes, line: str) -> None:
    assert refusal(data) == line


def test_mistakes_are_reported_together_in_the_order_of_the_file(parser: str) -> None:
    lines = refusals("a: 0755\nb: 1\nb: 2\nc: !x 1\nd: [\n\t@]\ne: 1")
    assert [line.split(":")[1] for line in lines] == ["1", "3", "4", "6"]
    assert lines[1].startswith("edge.yaml:3:1: the key `b`")
    assert len(refusals("a:\n" + "  - 0755\n" * 1000)) == DEFAULT.problems
    assert len(refusals("a: 1\n" * 1000)) == DEFAULT.problems


def test_keys_are_their_text(parser: str) -> None:
    assert read("1: a\ntrue: b\n~: c\n0755: d\n1.0: e\n'': f\n? g\n: h\n") == {
        "1": "a", "true": "b", "~": "c", "0755": "d", "1.0": "e", "": "f", "g": "h",
    }  # fmt: skip


def test_merge_keys_and_aliases(parser: str) -> None:
    data = read(
        "x: &x {p: 1, q: 1}\ny: &y {q: 2, r: 2}\na: {<<: *x, q: 9}\nb: {q: 9, <<: *x}\nc: {<<: [*x, *y]}\nd: *y\n'<<': plain\n"
        "e: &k word\nf: *k\ng: &k other\nh: *k\ni: {'<<': 1}\n"
    )
    assert data["a"] == data["b"] == {"p": 1, "q": 9}
    assert data["c"] == {"p": 1, "q": 1, "r": 2}
    assert data["d"] == {"q": 2, "r": 2}
    assert data["<<"] == "plain"
    assert (data["f"], data["h"], data["i"]) == ("word", "other", {"<<": 1})


def test_a_mapping_at_the_top_is_an_option() -> None:
    assert read("- 1\n", mapping=False) == [1]
    assert read("x\n", mapping=False) == "x"


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_places_count_characters_from_one(parser: str, break_: str, bom: str) -> None:
    lines = [
        "é: ü",
        "b:",
        "  - x",
        "  - {c: 'ö', d: 日本, e: f}",
        "'q w':  # why",
        '  r: "u\u2028v"',
        "s: 1",
        "",
        "t: |",
        "  x",
        "u: 2",
    ]
    source = read_yaml((bom + break_.join(lines)).encode(), "edge.yaml")
    places = {
        ("é",): ("1:4", "1:1"),
        ("b", 0): ("3:5", "3:5"),
        ("b", 1, "d"): ("4:17", "4:14"),
        ("b", 1, "e"): ("4:24", "4:21"),
        ("q w", "r"): ("6:6", "6:3"),
        ("s",): ("7:4", "7:1"),
        ("u",): ("11:4", "11:1"),
        ("u", "missing", 3): ("11:4", "11:1"),
        ("b", 7): ("3:3", "2:1"),
        (): ("1:1", "1:1"),
    }
    for path, (value, key) in places.items():
        assert str(source.locate(path)) == f"edge.yaml:{value}", path
        assert str(source.locate(path, key=True)) == f"edge.yaml:{key}", path


def test_places_lead_through_aliases_and_merges(parser: str) -> None:
    source = read_yaml(b"x: &x {p: 1, q: {r: 1}}\na: {<<: *x, p: 2}\nb: *x\nc: {<<: [*x, {z: 1}]}\n", "f")
    assert str(source.locate(("a", "q", "r"))) == "f:1:21"
    assert str(source.locate(("a", "p"))) == "f:2:16"
    assert str(source.locate(("b",))) == "f:3:4"
    assert str(source.locate(("b", "q"))) == "f:1:17"
    assert str(source.locate(("c", "z"))) == "f:4:18"


def test_the_garbage_collector_is_left_as_it_was() -> None:
    for enabled in (True, False):
        (gc.enable if enabled else gc.disable)()
        try:
            read("a: 1\n")
            refusal("a: 0755\n")
            assert gc.isenabled() is enabled
        finally:
            gc.enable()


def test_a_size_can_be_checked_before_reading() -> None:
    check_size(1 << 20, "edge.yaml")
    with pytest.raises(SpecError, match=r"edge.yaml: the file has 10,000,000 bytes"):
        check_size(10_000_000, "edge.yaml")


WORDS = st.text(string.ascii_letters + string.digits + " -:#'\"{}[],&*!|>%@`~\n\té日\U0001f600.$_=", max_size=60)


@given(st.one_of(st.text(), WORDS, st.binary(max_size=80)))
def test_nothing_but_a_spec_error_ever(text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    try:
        source = read_yaml(data, "f", mapping=False)
    except SpecError as error:
        assert error.problems and all(str(problem).startswith("f") for problem in error.problems)
        return
    source.locate(("a", 0))


# Without what YAML lets only an escape carry, and what it takes for a line end.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn"]), max_size=30)
TREES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        TEXTS,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=15,
)


@pytest.mark.slow
@given(TREES)
def test_json_is_read_as_json(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert json.dumps(read(text, mapping=False)) == json.dumps(value)


def test_a_key_that_is_missing(parser: str) -> None:
    assert "a key is missing before `:`" in refusal("a: {? : 1}\n")
    assert "the indentation does not fit" in refusal(": 1\n")


def test_every_leaf_of_a_real_file_is_located_where_its_text_stands() -> None:
    text = Path(__file__).read_text()
    keys = sorted(set(text.split()))[:400]
    document = "root:\n" + "".join(f"  {json.dumps(key)}:\n    - {json.dumps(key)}\n" for key in keys if len(key) < 60)
    source = read_yaml(document.encode(), "f", limits=UNLIMITED)
    lines = document.splitlines()
    for key in source.data["root"]:
        place = source.locate(("root", key, 0))
        assert lines[place.line - 1][place.column - 1 :] == json.dumps(key)


def test_edgegen_s_own_files_are_read_without_bounds_but_never_without_care() -> None:
    big = {f"k{index}": "x" * 100_000 for index in range(20)}
    assert read(json.dumps(big), limits=UNLIMITED) == big
    aliases = "a: &a {b: 1}\n" + "".join(f"k{index}: *a\n" for index in range(200))
    assert len(read(aliases, limits=UNLIMITED)) == 201
    assert "a second time" in refusal("a: 1\na: 2\n", limits=UNLIMITED)
    assert "nested deeper than 100" in refusal("a: " + "[" * 5000, limits=UNLIMITED)


def test_the_table_would_catch_pyyaml_s_own_loader() -> None:
    traps = ["no", "on", "22:22", "0o14", "1_000", "2024-01-02", "1e3"]
    assert [text for text in traps if yaml.safe_load(f"a: {text}")["a"] == read(f"a: {text}")["a"]] == []
    assert yaml.safe_load("a: 1\na: 2") == {"a": 2}
    assert yaml.safe_load("a: 0755") == {"a": 493}


@pytest.mark.parametrize(
    ("limit", "text", "line"),
    [
        ({"depth": 2}, "a: {b: [1]}\n", "edge.yaml:1:8: nested deeper than 2 levels"),
        ({"scalar": 3}, "a: four\n", "edge.yaml:1:4: a value of 4 characters, and at most 3 are read: keep it in a separate file"),
        ({"scalar": 3}, "a: ['four']\n", "edge.yaml:1:5: a value of 4 characters, and at most 3 are read: keep it in a separate file"),
        ({"scalar": 3}, "a: &a four\n", "edge.yaml:1:4: a value of 4 characters, and at most 3 are read: keep it in a separate file"),
        ({"key": 3}, "four: 1\n", "edge.yaml:1:1: a key of more than 3 characters"),
        ({"keys": 2}, "a: {b: 1, c: 2}\n", "edge.yaml:2:1: more than 2 keys and list items: split the file"),
        ({"aliases": 1}, "a: &a 1\nb: *a\nc: *a\n", "edge.yaml:3:4: more than 1 aliases"),
        ({"alias_nodes": 5}, "a: &a [1, 2]\nb: &b [*a]\nc: *b\n", "edge.yaml:3:4: aliases stand for more than 5 values"),
        ({"max_bytes": 3}, "a: 1\n", "edge.yaml: the file has 5 bytes, and at most 3 are read: move bulk data out of it"),
        ({"problems": 2}, "!x a: 1\n? !y b\n: 2\nc: 0755\n", None),
    ],
)  # fmt: skip
def test_each_bound(parser: str, limit: dict[str, int], text: str, line: str | None) -> None:
    found = refusals(text, limits=Limits(**limit))
    assert found == [line] if line else [part.split(":")[1] for part in found] == ["1", "2"]
    assert read("a: {b: 1}\n", limits=Limits())


def test_a_key_can_be_an_anchor_and_a_tag_of_a_container_is_refused() -> None:
    assert read("&a k: 1\nb: *a\n") == {"k": 1, "b": "k"}
    assert (
        refusal("a: !x {b: 1}\n")
        == "edge.yaml:1:4: a tag is not allowed here: a text that begins with `!` needs quotes"
    )


@pytest.mark.parametrize("text", ["%YAML 3.0\n---\na: 1\n", "a: !u!x y\n", '"a": "\\ud800"\n', "a: [}\n"])
def test_what_has_no_sentence_of_its_own_is_still_one_line_with_a_place(parser: str, text: str) -> None:
    assert refusal(text).startswith("edge.yaml:1:")


@pytest.mark.usefixtures("parser")
def test_an_escape_that_is_none_is_explained() -> None:
    """The two parsers see it at its two characters."""
    said = refusal('a: "x\\.y"\n')
    assert re.fullmatch(
        r"edge\.yaml:1:[67]: a `\\` in double quotes begins an escape: write `\\\\`, or use single quotes", said
    )
