"""A rule of lint is a page: each file is registered, has an id of its own, explains itself, and has a test."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

import edgegen.lint.own
import edgegen.lint.rules
from edgegen.lint.own import NOT_SEEN, OWN_FILES, UNUSED
from edgegen.lint.pages import pages
from edgegen.lint.rules import RULE_FILES, rules
from edgegen.lint.upgrade import steps

FOLDER = Path(edgegen.lint.rules.__file__).parent
FILES = sorted(file.stem for file in FOLDER.glob("el[0-9]*.py"))
HEADINGS = ["What it does", "Why", "Example", "Instead"]


def test_every_file_is_registered_once() -> None:
    assert sorted(RULE_FILES) == FILES


def test_every_rule_has_an_id_that_no_other_has_and_its_file_names_it() -> None:
    found = [(rule.id, rule.name) for rule, _ in rules()]
    assert len({number for number, _ in found}) == len({name for _, name in found}) == len(FILES)
    assert NOT_SEEN.id not in {number for number, _ in found}
    for (number, name), file in zip(found, RULE_FILES, strict=True):
        assert re.fullmatch(r"EL\d{3}", number)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name), name
        assert file == f"{number}_{name}".lower().replace("-", "_")


def headings(page: str) -> list[str]:
    return [line for line in page.splitlines()[1:] if line and not line.startswith(" ")]


@pytest.mark.parametrize("file", FILES)
def test_every_rule_is_a_page(file: str) -> None:
    page = ast.get_docstring(ast.parse((FOLDER / f"{file}.py").read_text(encoding="utf-8"))) or ""
    assert headings(page)[:4] == HEADINGS
    assert page.splitlines()[0].endswith(".")
    for heading in HEADINGS:
        assert page.partition(f"{heading}\n")[2].partition("\n\n")[0].strip(), heading


@pytest.mark.parametrize("file", FILES)
def test_every_rule_has_a_test(file: str) -> None:
    module = importlib.import_module(f"tests.lint.rules.test_{file}")
    tests = [name for name in vars(module) if name.startswith("test_")]
    assert len(tests) >= 2
    assert any("fault" in name for name in tests), "a fault that is planted in the rule"


def test_a_page_without_a_heading_is_noticed() -> None:
    assert headings("A rule.\n\nWhat it does\n    x\n\nWhy\n    y\n\nExample\n    z") != HEADINGS


def test_what_lint_itself_reports_has_ids_that_no_rule_has() -> None:
    ids = {page.id for page in pages()}
    assert len(ids) == len(pages()) == len(rules()) + len(OWN_FILES) + len(steps())
    assert {NOT_SEEN.id, UNUSED.id} <= ids
    own = Path(edgegen.lint.own.__file__).parent
    assert sorted(OWN_FILES) == sorted(file.stem for file in own.glob("el[0-9]*.py"))
