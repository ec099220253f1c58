"""`traefik --help` against the table of static options: another way to the same words, from the program itself."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping

import pytest

from tests.grammar.by_hand import written
from tests.grammar.rows import Rows
from tests.grammar.versions import numbers
from tests.lab.traefiks import traefik
from tests.sizes import sized

pytestmark = pytest.mark.lab
VERSIONS = sized(("3.7.15",), ("3.0.4", "3.2.3", "3.3.6", "3.4.3", "3.5.3", "3.6.15", "3.7.15"))
OF_KIND = {
    "flag": r"true|false", "number": r"-?\d+", "int32": r"-?\d+", "duration": r"\d+(\.\d+)?|",
    "decimal": r"\d+\.\d+", "decimals": r"[\d., ]+",
}  # fmt: skip
"""What a default looks like."""


def helped(version: str) -> dict[str, str]:
    """Flag -> its default."""
    done = subprocess.run([traefik(version), "--help"], capture_output=True, text=True, check=True, timeout=60)
    return dict(re.findall(r"^ +--(\S+)(?: +\(Default: \"(.*)\"\))? *$", done.stdout, re.MULTILINE))


def listed(rows: Rows) -> dict[str, str]:
    """The rows that help lists: flag -> kind. What needs a word below it is no flag of its own."""
    found = {}
    for path, form in rows.items():
        kind, *marks = form.split()
        hidden = any("-label" in rows[path[:depth]].split() for depth in range(1, len(path) + 1))
        if not hidden and (kind not in ("struct", "mapping", "structs") or "?" in marks):
            found[_flag(path, rows)] = kind
    return found


def _flag(path: tuple[str, ...], rows: Rows) -> str:
    words = []
    for depth, word in enumerate(path, 1):
        is_list = rows[path[:depth]].split()[0] == "structs"
        words.append("<name>" if word == "*" else word.lower() + "[n]" * is_list)
    return ".".join(words)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_flag_of_help_is_in_the_table_and_no_other(version: str) -> None:
    rows, theirs = written("static", numbers(version)), helped(version)
    assert len(theirs) > 350
    assert differing(rows, theirs) == ([], [])


def differing(rows: Rows, theirs: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The flags that only the table has, and those that only help lists."""
    ours = {_flag(path, rows).removesuffix("[n]") for path in rows}
    return sorted({*listed(rows)} - {*theirs}), sorted({*theirs} - ours)


def test_a_word_that_is_misspelt_in_the_table_is_noticed() -> None:
    rows = dict(written("static", numbers(VERSIONS[-1])))
    rows["log", "levle"] = rows.pop(("log", "level"))
    assert differing(rows, helped(VERSIONS[-1])) == (["log.levle"], ["log.level"])


@pytest.mark.parametrize("version", VERSIONS)
def test_every_default_is_of_its_kind(version: str) -> None:
    ours, theirs = listed(written("static", numbers(version))), helped(version)
    odd = {
        flag: (kind, theirs[flag])
        for flag, kind in ours.items()
        if flag in theirs and theirs[flag] and kind in OF_KIND and not re.fullmatch(OF_KIND[kind], theirs[flag])
    }
    assert odd == {}
