"""What a file of TOML that Traefik refuses is said to have."""

from __future__ import annotations

import pytest

from edgegen.lint.reader.documents import read_document

SAID = [
    ("service = web\n", "this is not a value: a text needs quotes", 1),
    ("ok = 1\ntls = True\n", "this is not a value: a text needs quotes", 2),
    ("a =", "a value is missing at the end of the file", None),
    ('a = "x\nb = 1\n', "a text has no closing quote on its line", 1),
    ("a = '''x", "a text has no closing quote", None),
    ('a = "^/\\q"\n', "a backslash in double quotes: write it twice, or put the text in single quotes", 1),
    ("[http\n", "the name of a table is not closed, or has a character that needs quotes", 1),
    ("[[servers]\n", "the name of a table is not closed, or has a character that needs quotes", 1),
    ("a = [1, 2\n", "a list has no `]`, or lacks a comma, and the file ends", None),
    ("a = [1 2]\n", "a list has no `]`, or lacks a comma", 1),
    ("a = {b = 1\n}\n", "a table in braces has no `}` on its line, or lacks a comma", 1),
    ("a: 1\n", "a `=` is missing after a key", 1),
    ("= 1\n", "this is neither a key nor a table nor a comment", 1),
    ("a = 1\na = 2\n", "the key is set twice", 2),
    ("[a]\n[a]\n", "the table is written twice", 2),
    ("a = {b = 1}\na.c = 2\n", "nothing can be added to a table that was written as a whole", 2),
    ('a = "b" c\n', "more follows on the line of a value, or the value is not finished", 1),
]


@pytest.mark.parametrize(("text", "words", "line"), SAID)
def test_a_fault_is_said_in_words_of_the_file(text: str, words: str, line: int | None) -> None:
    document = read_document("dynamic.toml", "dynamic.toml", text.encode())
    assert document.problem is not None
    assert document.problem.message == words
    where = document.problem.where
    assert (where.line or None if where else None) == line
