"""Lines end with LF, CRLF or CR, whichever way they are counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edgegen.core.lines import line_starts


@given(st.text(st.sampled_from("ab\n\r\x0b\x85\u2028"), max_size=40))
def test_a_line_starts_behind_each_line_end(text: str) -> None:
    behind = [
        at
        for at in range(1, len(text) + 1)
        if text[at - 1] == "\n" or (text[at - 1] == "\r" and text[at : at + 1] != "\n")
    ]
    assert line_starts(text) == [0, *behind]
