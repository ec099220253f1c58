"""Numbers that arrive as another text."""

from __future__ import annotations

import pytest

from tests.lint.support import found, project


@pytest.mark.parametrize(
    ("written", "arrives"),
    [
        ("0022", "18"),
        ("1.10", "1.1"),
        ("1_000", "1000"),
        ("0x10", "16"),
        ("1e3", "1000"),
        ("1234567.0", "1.234567e+06"),
    ],
)
def test_it_is_found(written: str, arrives: str) -> None:
    text = f"services:\n  web:\n    environment:\n      A: {written}\n    labels:\n      b: {written}\n"
    assert found(project(text), "EL101") == [
        f"4 low the variable `A` arrives as `{arrives}`: YAML reads `{written}` as a number",
        f"6 low the label `b` arrives as `{arrives}`: YAML reads `{written}` as a number",
    ]


@pytest.mark.parametrize(
    "written", ["12", "1.5", '"0022"', "yes", "true", "22:22", "${A}", "$$5", "", "null", "2001-x"]
)
def test_it_is_not_found(written: str) -> None:
    text = f"services:\n  web:\n    environment:\n      A: {written}\n    labels:\n      - b={written}\n"
    assert found(project(text), "EL101") == []


def test_a_date_is_found() -> None:
    assert found(project("services:\n  web:\n    labels:\n      built: 2026-01-02\n"), "EL101") == [
        "4 low the label `built` arrives as `2026-01-02 00:00:00 +0000 UTC`: YAML reads `2026-01-02` as a date"
    ]


def test_a_list_holds_texts() -> None:
    assert found(project("services:\n  web:\n    environment: [A=0022]\n"), "EL101") == []
