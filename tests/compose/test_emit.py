"""What the emitter writes, line by line, and what it refuses."""

from __future__ import annotations

import textwrap
from enum import IntEnum, StrEnum

import pytest
import yaml

from edgegen.compose.emit import Alias, Anchored, Interpolation, Merge, emit
from edgegen.compose.model import Merged, Shared
from edgegen.core.names import Hostname
from edgegen.core.secret import Secret, SecretRef


def text(source: str) -> str:
    return textwrap.dedent(source).strip("\n")


def test_a_service_reads_like_a_hand_written_one() -> None:
    service = {
        "image": "ghcr.io/acme/web:1.4",
        "restart": "unless-stopped",
        "command": ["serve", "--port", "3000"],
        "environment": {"PATH": "/usr/bin:/bin", "DEBUG": "no", "RATIO": 0.5, "N": 3, "ON": True, "X": None},
        "ports": [{"target": 80, "published": "8080"}, ["a", ["b"]]],
        "tmpfs": [],
        "deploy": {},
    }
    assert emit({"web": service}, interpolated=True) == text(
        """
        web:
          image: ghcr.io/acme/web:1.4
          restart: unless-stopped
          command:
            - serve
            - "--port"
            - "3000"
          environment:
            PATH: /usr/bin:/bin
            DEBUG: "no"
            RATIO: 0.5
            "N": 3
            "ON": true
            X: null
          ports:
            - target: 80
              published: "8080"
            - - a
              - - b
          tmpfs: []
          deploy: {}
        """
    )


def test_indentation_stands_before_every_line() -> None:
    assert emit({"a": {"b": ["c"]}}, indent=4, interpolated=False) == "    a:\n      b:\n        - c"
    assert emit([1, {"a": 2}], indent=2, interpolated=False) == "  - 1\n  - a: 2"
    assert emit({"a": "b\nc"}, indent=2, interpolated=False) == "  a: |-\n    b\n    c"
    assert emit({}, indent=2, interpolated=False) == "  {}"
    assert emit("yes", indent=2, interpolated=False) == '  "yes"'


def test_lines_stay_lines_where_a_literal_block_is_safe() -> None:
    script = 'if [ "$x" ]; then\n  echo "#: y"\n\nfi\n'
    assert (
        emit({"run": script}, interpolated=False)
        == text(
            """
        run: |
          if [ "$x" ]; then
            echo "#: y"

          fi
        """
        )
        + "\n"
    )
    assert emit(["a\nb"], interpolated=False) == "- |-\n  a\n  b"


@pytest.mark.parametrize(
    "value", [" a\nb", "\na\nb", "a \nb", "a\n\n", "a\n \nb", "a\tb\nc", "a\nb\r\n", "a\n\u2028b", "\n", "a\n"]
)
def test_no_literal_block_where_parsers_could_differ(value: str) -> None:
    written = emit({"a": value}, interpolated=False)
    assert written.startswith('a: "') and "\n" not in written
    assert yaml.safe_load(written) == {"a": value}


def test_dollars_are_doubled_in_values_and_only_where_somebody_interpolates() -> None:
    value = {"$k": ["$a", "${b}", "x\n$c\ny"]}
    assert yaml.safe_load(emit(value, interpolated=True)) == {"$k": ["$$a", "$${b}", "x\n$$c\ny"]}
    assert yaml.safe_load(emit(value, interpolated=False)) == value


def test_an_interpolation_is_meant() -> None:
    value = {"a": Interpolation("${A:?set A}"), "b": [Interpolation("$B")], "c": Interpolation("x\n$C\ny")}
    assert yaml.safe_load(emit(value, interpolated=True)) == {"a": "${A:?set A}", "b": ["$B"], "c": "x\n$C\ny"}
    with pytest.raises(TypeError, match="not interpolated"):
        emit(value, interpolated=False)


def test_subclasses_are_written_as_what_they_are() -> None:
    class Word(StrEnum):
        YES = "yes"

    class Number(IntEnum):
        ONE = 1

    value = [Hostname("www.example.com"), Word.YES, Number.ONE, ("a", ())]
    assert emit(value, interpolated=False) == '- www.example.com\n- "yes"\n- 1\n- - a\n  - []'


def test_repeated_parts_are_written_once() -> None:
    value = {
        "x-logging": Anchored("logging", {"driver": "json-file"}),
        "x-base": Anchored("base", {"restart": "always"}),
        "x-empty": Anchored("empty", {}),
        "x-word": Anchored("word", "yes"),
        "x-list": Anchored("list", ["a"]),
        "a": Merge(("base",), {"image": "a:1", "logging": Alias("logging")}),
        "b": Merge(("base", "logging"), {"list": Alias("list")}),
        "c": [Merge(("base",)), Merge((), {"q": 1}), Anchored("z-", ["q"]), Anchored("m", Merge(("base",)))],
    }
    written = emit(value, interpolated=True)
    assert written.startswith(
        text(
            """
            x-logging: &logging
              driver: json-file
            x-base: &base
              restart: always
            x-empty: &empty {}
            x-word: &word "yes"
            x-list: &list
              - a
            a:
              <<: *base
              image: a:1
              logging: *logging
            b:
              <<: [*base, *logging]
              list: *list
            """
        )
    )
    base, logging = {"restart": "always"}, {"driver": "json-file"}
    read = yaml.safe_load(written)
    assert read["a"] == {**base, "image": "a:1", "logging": logging}
    assert read["b"] == {**base, **logging, "list": ["a"]}
    assert read["c"] == [base, {"q": 1}, ["q"], base]


def test_the_model_s_shared_parts_are_aliases() -> None:
    shared = Shared("base", {"restart": "always"})
    value = {"x-base": Anchored("base", shared.value), "a": Merged((shared,), {"k": "v"}), "b": shared}
    assert emit(value, interpolated=True).endswith("a:\n  <<: *base\n  k: v\nb: *base")


def test_a_secret_is_never_written() -> None:
    for value in (
        Secret("hunter2"),
        [Secret("hunter2")],
        {"a": {"b": Secret("hunter2")}},
        SecretRef("name"),
        Anchored("a", Secret("x")),
    ):
        with pytest.raises(TypeError) as caught:
            emit(value, interpolated=True)
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("value", [object(), {1: "a"}, {None: 1}, {True: 1}, {"a": {2, 3}}, b"bytes"])
def test_unknown_types_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        emit(value, interpolated=False)


@pytest.mark.parametrize(
    "value",
    [
        "\ud800",
        {"\udfff": 1},
        float("inf"),
        float("nan"),
        2**64,
        -(2**63) - 1,
        {"k" * 1001: 1},
        Alias("a b"),
        Anchored("", 1),
    ],
)
def test_what_yaml_cannot_carry_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"can't be written|more than 64 bits|not an anchor"):
        emit(value, interpolated=False)


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[object] = []
    value.append({"a": value})
    with pytest.raises(ValueError, match="contains itself"):
        emit(value, interpolated=False)


def test_long_strings_stay_on_one_line() -> None:
    assert emit({"a": "word " * 5000}, interpolated=False).count("\n") == 0


def test_the_memory_of_words_does_not_change_what_is_written() -> None:
    first = emit({"a": "$x", "b": ["$x"]}, interpolated=True)
    for number in range(25_000):
        emit(f"word {number}", interpolated=True)
    assert emit({"a": "$x", "b": ["$x"]}, interpolated=True) == first
    assert emit({"a": "$x"}, interpolated=False) == 'a: "$x"'


@pytest.mark.parametrize("value", ["{{", "{{ env `HOME` }}", "a{{{b", "{{\n{{", "\\{{x}}"])
def test_no_template_begins_in_a_file_that_traefik_reads_as_one(value: str) -> None:
    text = emit({"key": value, value: [value]}, interpolated=False)
    assert "{{" not in text
    assert yaml.safe_load(text) == {"key": value, value: [value]}
