"""A check is a page: every module is registered, explains itself and each of its words, and has a test."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import edgegen.verify.checks
from edgegen.core.finding import NOT_SEEN, Outcome, Severity
from edgegen.verify.checks import CHECKS, Check
from edgegen.verify.checks.check import OK
from edgegen.verify.checks.pages import page, pages

FOLDER = Path(edgegen.verify.checks.__file__).parent
HERE = Path(__file__).parent
HEADINGS = ["What it does", "Why", "Example", "Instead", "Verdicts"]
# What several checks share. A module that is neither here nor registered is a check that somebody forgot.
SHARED = {
    "__init__", "addresses", "advice", "broken_answers", "caa", "check", "dates",
    "destinations", "dns_words", "expected", "issuance", "pages", "proxy_answers", "push_faults",
    "reached", "redirect_course", "traefik",
}  # fmt: skip
every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)


def module(check: Check) -> str:
    return check.judgements.__module__.rpartition(".")[2]


def docstring(check: Check) -> str:
    return ast.get_docstring(ast.parse((FOLDER / f"{module(check)}.py").read_text())) or ""


def headings(text: str) -> list[str]:
    return [line for line in text.splitlines()[1:] if line and not line.startswith(" ")]


def paragraph(text: str, heading: str) -> str:
    return text.partition(f"\n{heading}\n")[2].partition("\n\n")[0].strip()


def words_explained(text: str) -> list[str]:
    return re.findall(r"^ {4}([\w-]+): \S", text.partition("\nVerdicts\n")[2], re.MULTILINE)


def repeated(items: list[str]) -> list[str]:
    return [item for item, number in Counter(items).items() if number > 1]


def test_every_module_is_registered_once() -> None:
    assert {module(check) for check in CHECKS} == {file.stem for file in FOLDER.glob("*.py")} - SHARED
    assert not repeated([module(check) for check in CHECKS])


def test_numbers_and_names_are_unique_and_in_order() -> None:
    assert not repeated([check.id for check in CHECKS])
    assert not repeated([check.name for check in CHECKS])
    assert [check.id for check in CHECKS] == sorted(check.id for check in CHECKS)
    assert all(re.fullmatch(r"EV\d{3}", check.id) for check in CHECKS)


def test_a_word_belongs_to_one_check() -> None:
    """But `reset`: a connection may be cut while it is made, in the handshake and before the answer.

    And `client-certificate`: TLS 1.3 asks for it only after the handshake.
    """
    words = [verdict.word for check in CHECKS for verdict in check.verdicts]
    assert repeated(words) == ["reset", "client-certificate"]
    assert not {OK, NOT_SEEN} & set(words)


@every_check
def test_its_name_is_its_module(check: Check) -> None:
    assert module(check).replace("_", "-") == check.name


@every_check
def test_it_is_a_page(check: Check) -> None:
    text = docstring(check)
    assert headings(text) == HEADINGS
    for heading in HEADINGS:
        assert paragraph(text, heading), heading
    assert text.splitlines()[0].endswith(".")


@every_check
def test_every_word_stands_on_its_page(check: Check) -> None:
    assert words_explained(docstring(check)) == [verdict.word for verdict in check.verdicts]


@every_check
def test_its_verdicts_are_words_for_machines(check: Check) -> None:
    for verdict in check.verdicts:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", verdict.word)
        assert verdict.outcome is not Outcome.PASS
        assert isinstance(verdict.severity, Severity)


@every_check
def test_it_has_a_test(check: Check) -> None:
    assert (HERE / f"test_{module(check)}.py").is_file()


def test_what_is_missing_is_noticed() -> None:
    assert headings("A check.\n\nWhat it does\n    x\n\nWhy\n    y") != HEADINGS
    assert words_explained("A check.\n\nVerdicts\n    one: it is so.\n        more of it\n    two:\n") == ["one"]
    assert repeated(["a", "b", "a"]) == ["a"]


@every_check
def test_pages_of_users(check: Check) -> None:
    text = str(page(check))
    assert text.startswith(f"{check.id} {check.name}: ")
    assert text in pages()
    for verdict in check.verdicts:
        assert f"    {verdict.word}: " in text
        assert f"{verdict.word} ({verdict.severity})" in text
    assert max(map(len, text.splitlines())) <= 120 or "Severities" in text
