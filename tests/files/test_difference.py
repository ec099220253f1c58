"""The difference of two contents, line by line as it is printed: nothing in it reaches the terminal as a command."""

from __future__ import annotations

import pytest

from edgegen.files.difference import unified


def test_a_changed_line() -> None:
    assert unified("a/b", b"one\ntwo\nthree\n", b"one\n2\nthree\n") == [
        "--- a/b (on disk)",
        "+++ a/b (rendered)",
        "@@ -1,3 +1,3 @@",
        " one",
        "-two",
        "+2",
        " three",
    ]


def test_the_sides_have_the_callers_names() -> None:
    assert unified("a", b"1", b"2", sides=("yours", "mine"))[:2] == ["--- a (yours)", "+++ a (mine)"]


def test_a_file_that_is_not_there() -> None:
    assert unified("a", None, b"1\n2\n") == ["--- /dev/null", "+++ a (rendered)", "@@ -0,0 +1,2 @@", "+1", "+2"]
    assert unified("a", b"1\n", None) == ["--- a (on disk)", "+++ /dev/null", "@@ -1 +0,0 @@", "-1"]


@pytest.mark.parametrize(
    ("before", "after"), [(b"", b""), (None, None), (None, b""), (b"a\n", b"a\n"), (b"a\n", b"a"), (b"\n", b"\n")]
)
def test_equal_lines_are_no_difference(before: bytes | None, after: bytes | None) -> None:
    assert unified("a", before, after) == []


def test_empty_lines_at_the_end_count() -> None:
    assert unified("a", b"1\n", b"1\n\n")[-2:] == [" 1", "+"]
    assert unified("a", None, b"\n")[-1:] == ["+"]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"\x1b[2J", "\\x1b[2J"),
        (b"a\rb", "a\\x0db"),
        (b"\x00\x08\x0b\x1f \x7f", "\\x00\\x08\\x0b\\x1f \\x7f"),
        (b"a\tb", "a\tb"),
        ("\u0080\u009b\u009f\u00a0é".encode(), "\\x80\\x9b\\x9f\u00a0é"),
        (b"\xff\xfe", "\\xff\\xfe"),
    ],
)
def test_what_a_terminal_would_obey_is_escaped(content: bytes, shown: str) -> None:
    assert unified("a", b"before", content)[-2:] == ["-before", f"+{shown}"]
