"""Numbers that Compose passes on in another form."""

from __future__ import annotations

import pytest

from tests.lint.cases import Case, differences, module, with_fault
from tests.lint.support import found, project

RULE = module(__name__)


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


def test_a_fault_in_the_rule_is_noticed() -> None:
    text = "services:\n  web:\n    environment: {A: 0022, B: c}\n"
    table = [Case(text, ["3 low the variable `A` arrives as `18`"]), Case(text.replace("0022", "12"))]
    assert differences(RULE, table) == []
    assert differences(with_fault(RULE, "value.raw != value.text", "value.raw == value.text"), table)
    assert differences(with_fault(RULE, 'service.data.get("environment")', 'service.data.get("env")'), table)
