"""Tables on any width: nothing is cut, names stay whole, and programs get the columns that they always had."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgegen.cli.report.table import Cell, Column, table
from edgegen.cli.screen import PLAIN, Screen
from edgegen.core.columns import width

COLUMNS = (Column("NAME"), Column("STATE", 3), Column("PORTS", 1), Column("IMAGE", 2))
ROWS = [
    ("web", Cell("running", "32"), "443->443/tcp, 80->80/tcp", "ghcr.io/acme/web:1"),
    ("a-much-longer-name", Cell("exited", "31"), "-", "redis:8"),
]


def test_programs_get_columns_two_blanks_apart() -> None:
    assert table((Column("A"), Column("LONGER")), [("wide cell", "\x07"), ("x", "")], PLAIN) == (
        "A          LONGER\nwide cell  \\x07\nx"
    )


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        (76, [
            "NAME                STATE    PORTS                     IMAGE",
            "web                 running  443->443/tcp, 80->80/tcp  ghcr.io/acme/web:1",
            "a-much-longer-name  exited   -                         redis:8",
        ]),
        (70, [
            "NAME                STATE    IMAGE",
            "web                 running  ghcr.io/acme/web:1",
            "    ports 443->443/tcp, 80->80/tcp",
            "a-much-longer-name  exited   redis:8",
        ]),
        (40, [
            "NAME                STATE",
            "web                 running",
            "    ports 443->443/tcp, 80->80/tcp",
            "    image ghcr.io/acme/web:1",
            "a-much-longer-name  exited",
            "    image redis:8",
        ]),
    ],
)  # fmt: skip
def test_what_does_not_fit_moves_under_its_row(columns: int, lines: list[str]) -> None:
    assert table(COLUMNS, ROWS, Screen(columns)).splitlines() == lines


def test_a_name_of_more_than_half_a_line_has_one_to_itself() -> None:
    shown = table(COLUMNS[:2], [("x" * 50, "up"), ("y", "down")], Screen(60))
    assert shown.splitlines() == ["NAME  STATE", "x" * 50, "      up", "y     down"]


def test_one_value_for_all_rows_is_said_once() -> None:
    rows = [("a" * 20, "up", "x" * 30), ("b" * 20, "up", "x" * 30)]
    shown = table((Column("NAME"), Column("STATE", 2), Column("STORE", 1)), rows, Screen(50))
    assert shown.splitlines()[-1] == f"    all: store {'x' * 30}"
    assert shown.count("x" * 30) == 1


def test_sentences_are_wrapped_in_the_last_column() -> None:
    columns = (Column("HOST"), Column("SAID", 1, is_prose=True))
    shown = table(columns, [("a.test", "one two three four five six seven eight")], Screen(40))
    assert shown.splitlines() == ["HOST    SAID", "a.test  one two three four five six", "        seven eight"]


def test_colours_are_around_words_and_not_around_blanks() -> None:
    painted = table(
        COLUMNS[:2], [row[:2] for row in ROWS], Screen(80, lambda text, code: f"<{code}>{text}</>" if code else text)
    )
    assert "<1>web</>                 <32>running</>" in painted
    assert re.sub(r"<[\d;]+>(.*?)</>", r"\1", painted) == table(COLUMNS[:2], [row[:2] for row in ROWS], Screen(80))


texts = st.text(st.characters(codec="utf-8"), max_size=30)
names = texts.map(lambda text: "".join(text.split()))
"""Without blanks, as names are: they are never wrapped."""


@given(st.lists(st.tuples(names, texts, texts, texts), max_size=4), st.integers(40, 140))
def test_nothing_is_lost_and_nothing_commands_the_terminal(rows: list[tuple[str, ...]], columns: int) -> None:
    shown = table(COLUMNS, rows, Screen(columns))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    squeezed = "".join(shown.split())
    for cell in (cell for row in rows for cell in row if cell.isprintable() and cell not in ("?", "-")):
        assert "".join(cell.split()) in squeezed
    for line in shown.splitlines():
        assert width(line) <= columns or len(line.removeprefix("    all:").split()) <= 2, line
