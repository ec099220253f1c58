"""Text in the columns of a terminal: nothing is lost, nothing that is copied is cut, and every line fits that can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgegen.core.columns import width, wrapped

WORDS = st.text(alphabet="ab `-.日\u0301é", max_size=120)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("plain", 5), ("日本", 4), ("ｆｕｌｌ", 8), ("e\u0301", 1), ("ü", 1), ("👍\ufe0f", 2), ("\u20dd", 0)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def test_without_a_room_it_is_one_line() -> None:
    assert wrapped("a  b\tc\nd ", None, lead="> ") == ["> a  b c d"]


def test_lines_are_broken_at_blanks_and_hang() -> None:
    assert wrapped("one two  three four", 12, lead="-> ", hanging="   ") == ["-> one two", "   three", "   four"]


def test_a_command_is_not_broken_if_it_fits_on_a_line() -> None:
    said = "run `edgegen dns sync`, then wait"
    assert wrapped(said, 24) == ["run `edgegen dns sync`,", "then wait"]
    assert wrapped(said, 20) == ["run", "`edgegen dns sync`,", "then wait"]
    assert wrapped(said, 14) == ["run `edgegen", "dns sync`,", "then wait"]


def test_a_long_name_is_whole_unless_it_may_be_folded() -> None:
    name = "x" * 25
    assert wrapped(f"at {name} now", 10, hanging="  ") == ["at", f"  {name}", "  now"]
    assert wrapped(f"at {name} now", 10, hanging="  ", fold=True) == [
        "at", "  xxxxxxxx", "  xxxxxxxx", "  xxxxxxxx", "  x now",
    ]  # fmt: skip
    assert wrapped("日本語日本語", 5, fold=True) == ["日本", "語日", "本語"]


@given(WORDS, st.integers(8, 40), st.booleans())
def test_nothing_is_lost_and_what_can_fit_fits(text: str, room: int, fold: bool) -> None:
    lines = wrapped(text, room, lead="-> ", hanging="   ", fold=fold)
    assert "".join("".join(lines).removeprefix("->").split()) == "".join(text.split())
    for line in lines:
        if width(line) > room:
            assert not fold
            assert " " not in line.strip()
