"""The rules that a project is asked by: each of them wherever it finds something, and no other is loaded."""

from __future__ import annotations

import importlib
import types
from collections.abc import Iterator

import pytest

from edgegen.lint.asked import _HAS, asked
from edgegen.lint.model import Project
from edgegen.lint.rules import RULE_FILES, rule_of
from tests.lint.cases import Case
from tests.lint.support import project

SOMETIMES = [file for file, needed in RULE_FILES.items() if needed]


def test_each_is_asked_of_a_project_that_has_everything() -> None:
    assert set(RULE_FILES.values()) == {"", *_HAS}


@pytest.mark.parametrize("file", SOMETIMES)
def test_a_rule_is_asked_wherever_its_table_has_a_finding(file: str) -> None:
    rule, check = rule_of(file)
    finding = [item for item in _projects(importlib.import_module(f"tests.lint.rules.test_{file}")) if any(check(item))]
    assert finding
    for item in finding:
        assert rule in [one for one, _ in asked(item)], item.files[0].text


def test_a_file_without_anything_is_asked_by_the_others_only() -> None:
    found = {rule.id for rule, _ in asked(project("services:\n  web:\n    image: app:1\n"))}
    assert found == {rule_of(file)[0].id for file in RULE_FILES if file not in SOMETIMES}


def _projects(table: types.ModuleType) -> Iterator[Project]:
    for name, value in vars(table).items():
        for entry in value if name.isupper() and isinstance(value, (list, tuple)) else ():
            if isinstance(entry, Case):
                yield entry.project
            elif isinstance(entry, tuple) and isinstance(entry[0], tuple):  # a row of the static configuration
                yield project(entry[0][0], files=entry[0][1])
            elif isinstance(entry, tuple) and "services:" in entry[0]:
                yield project(entry[0])
