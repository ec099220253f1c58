"""What other programs print can't take over the terminal."""

from __future__ import annotations

import pytest

from edgegen.deploy.terminal_text import printable, tail


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("ümlaut 日本", "ümlaut 日本"),
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("a\rb", "a\\rb"),
        ("\x9b2J", "\\x9b2J"),
        ("\ud800", "\\ud800"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_tail() -> None:
    assert tail("1\n\n2  \n\x1b3\n", 2) == "2\n\\x1b3"
