"""Every string comes back equal from three parsers: PyYAML (YAML 1.1), ruamel (1.2) and Compose's own (Go)."""
# ruff: noqa: E501 (the table of strings reads better with wide lines)

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from edgegen.compose.emit import emit
from edgegen.spec.source import UNLIMITED, read_yaml
from tests.sizes import sized

EXAMPLES = sized(100, 2_000)
BATCH = 100

HOSTILE = [
    "", " ", "\t", "\n", "\r", "\r\n", "~", "null", "Null", "NULL", "true", "True", "yes", "Yes", "no", "NO", "on", "off", "y", "n", "Y", "N",
    "0", "-0", "+1", "0755", "0o14", "0x10", "0b11", "1_000", "1e3", "1.", ".5", "1.0", ".inf", "-.INF", ".nan", "22:22", "190:20:30", "2024-01-02", "2024-13-45",
    "2024-01-02T03:04:05Z", "=", "<<", "-", "- a", "?", "? a", ":", ": a", "a: b", "a:", "a :b", "#", "a #b", "a#b", "#a", "*a", "&a", "!a", "!!str a", "|", ">", "|-\n a",
    "%a", "@a", "`a`", "{", "}", "{}", "[", "]", "[a]", ",", "a,b", "'", "''", '"', "\\", "\\n", '\\"', "'a'", '"a"', "---", "...", "--- a", "a\n---\nb", "a\n...\nb",
    " a", "a ", "  a\nb", "a\n  b", "a\n\nb", "a\nb\n", "a\nb\n\n", "\na", "a\n \nb", "a\tb", "\ta", "a\n\tb",
    "$", "$$", "$A", "${A}", "${A:-x}", "${A:?m}", "${", "$(A)", "a$b", "$1", "$2y$12$abc", "$$A", "$$$A", "A=$B", "a\n$A\nb",
    "\x00", "\x01", "\x1b[31m", "\x7f", "\x80", "\x85", "a\x85b", "\x9f", "\xa0", "\xad", "\u2028", "\u2029", "a\n\u2028b", "\ufeff", "\ufeffa", "\ufffe", "\uffff", "\ufffd",
    "é", "ü\nö", "日本語", "😀", "\U0001f600\n😀\n", "\U0010ffff", "\U0001fffe", "e\u0301", "\u202e", "x" * 5000, "word " * 400, "a" * 200 + ": " + "b" * 200,
    "Host(`a.example.com`) && PathPrefix(`/`)", "{{ v }}", "{% raw %}", "<b>&amp;", "a=b", "/", "/v2/", "~/x", "a@b", "-a", "--port", "1.2.3.4", "::1", "[::1]:80", "0.0.0.0:80:80", "a/b:c",
]  # fmt: skip

CANARY = "CANARY-OF-THE-ENVIRONMENT"
CANARIES = dict.fromkeys([*"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_", "abc", "y", "AB"], CANARY)

Emitter = Callable[[Any], str]


def literal(value: Any) -> str:
    return emit(value, interpolated=False)


def interpolated(value: Any) -> str:
    return emit(value, interpolated=True)


def read_11(text: str) -> Any:
    return yaml.safe_load(text)


def read_12(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(io.StringIO(text))


def read_own(text: str) -> Any:
    return read_yaml(text.encode(), "x", limits=UNLIMITED, mapping=False).data


PARSERS = [read_11, read_12, read_own]


def document(strings: list[str]) -> dict[str, Any]:
    """Every string as a label, a variable, a word of a command, and in a config's content."""
    return {
        "name": "oracle",
        "services": {
            "s": {
                "image": "i:1",
                "command": ["first", *strings],
                "labels": {f"l{index}": text for index, text in enumerate(strings)},
                "environment": {f"E{index}": text for index, text in enumerate(strings)},
                "configs": [f"c{index}" for index in range(len(strings))],
            }
        },
        "configs": {f"c{index}": {"content": f"<{text}>"} for index, text in enumerate(strings)},
    }


def through_compose(text: str) -> dict[str, Any]:
    """What Compose understands; its answer is a Compose file again, so `$$` is undone."""
    done = subprocess.run(
        ["docker-compose", "-f", "-", "config", "--format", "json"],
        input=text.encode(),
        capture_output=True,
        env={"PATH": os.environ["PATH"], **CANARIES},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"variable is not set" not in done.stderr, done.stderr.decode()
    return undollar(json.loads(done.stdout))


def undollar(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: undollar(item) for key, item in value.items()}
    if isinstance(value, list):
        return [undollar(item) for item in value]
    return value.replace("$$", "$") if isinstance(value, str) else value


def compose_differs(strings: list[str], emitter: Emitter) -> list[str]:
    """The strings that Compose reads as something else, in any of the four places."""
    read = through_compose(emitter(document(strings)))
    service = read["services"]["s"]
    return [
        text
        for index, text in enumerate(strings)
        if [
            service["command"][index + 1],
            service["labels"][f"l{index}"],
            service["environment"][f"E{index}"],
            read["configs"][f"c{index}"]["content"],
        ]
        != [text, text, text, f"<{text}>"]
    ]


def parsers_differ(strings: list[str], emitter: Emitter) -> list[str]:
    wrong = []
    for text in strings:
        value = {"k": text, "l": [text, {"m": text}], "n": {"o": [[text]]}}
        for parser in PARSERS:
            try:
                same = parser(emitter(value)) == value
            except Exception:
                same = False
            if not same:
                wrong.append(text)
                break
    return wrong


def keys_differ(strings: list[str], emitter: Emitter) -> list[str]:
    # An empty key is written by nobody; one parser each reads it.
    return [text for text in strings if any(parser(emitter({text: 1})) != {text: 1} for parser in PARSERS)]


@pytest.mark.slow
def test_hostile_strings_come_back_from_the_parsers() -> None:
    assert len(HOSTILE) >= 64
    assert parsers_differ(HOSTILE, literal) == []


@pytest.mark.slow
def test_hostile_keys_come_back_from_the_parsers() -> None:
    assert keys_differ([text for text in HOSTILE if len(text) < 900], literal) == []


@pytest.mark.slow
def test_hostile_strings_come_back_from_compose() -> None:
    assert compose_differs(HOSTILE, interpolated) == []


# Frequent characters are the ones that YAML and Compose care about.
CHARACTERS = st.one_of(
    st.sampled_from(" \n\t:#-?&*!|>'\"%@`{}[],$\\~=<.0123456789eEoxyn_A"), st.characters(exclude_categories=["Cs"])
)
STRINGS = st.text(CHARACTERS, max_size=40)


@pytest.mark.slow
@settings(max_examples=EXAMPLES)
@given(STRINGS)
def test_any_string_comes_back_from_the_parsers(text: str) -> None:
    assert parsers_differ([text], literal) == []
    assert read_own(interpolated([text])) == [text.replace("$", "$$")]


@pytest.mark.slow
@settings(max_examples=max(EXAMPLES // BATCH, 5))
@given(st.lists(STRINGS, min_size=BATCH, max_size=BATCH))
def test_any_string_comes_back_from_compose(strings: list[str]) -> None:
    assert compose_differs(strings, interpolated) == []


SCALARS = st.one_of(
    STRINGS,
    st.booleans(),
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(STRINGS, inner, max_size=4)),
    max_leaves=20,
)


def canonical(value: Any) -> str:
    # Not `==`: 1 == True == 1.0 in Python.
    return json.dumps(value, sort_keys=True)


@settings(max_examples=EXAMPLES)
@given(TREES, st.integers(0, 6))
def test_any_tree_comes_back(value: Any, indent: int) -> None:
    text = emit(value, indent=indent, interpolated=False)
    for parser in (read_11, read_own):
        assert canonical(parser(text)) == canonical(value), parser.__name__


# Planted faults: emitters that do less must be caught by the very checks above.


def without_quotes(value: Any) -> str:
    return re.sub(
        r'"((?:[^"\\]|\\.)*)"',
        lambda match: json.loads(f'"{match[1]}"') if "\\x" not in match[0] else match[0],
        interpolated(value),
    )


def without_dollars(value: Any) -> str:
    return literal(value)


def of_pyyaml(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True)


@pytest.mark.slow
def test_an_emitter_without_quotes_is_caught() -> None:
    assert len(parsers_differ(HOSTILE, without_quotes)) > 30


def test_an_emitter_without_doubled_dollars_is_caught() -> None:
    assert "$A" in compose_differs(["$A", "plain"], without_dollars)


@pytest.mark.slow
def test_pyyaml_s_own_emitter_is_caught() -> None:
    # It writes `0o14` and `1e3` plain: numbers for YAML 1.2.
    assert {"0o14", "1e3"} <= set(parsers_differ(HOSTILE, of_pyyaml))
