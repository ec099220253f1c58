"""A rule that is only asked where it may find something still finds it: each fault of its table, asked with all."""

from __future__ import annotations

import importlib

import pytest

from edgegen.rules import _ONLY_WITH, LABEL_RULE_FILES, RULES, violations
from edgegen.spec.load import load_text

FILES = sorted({file for _, files in _ONLY_WITH for file in files} - LABEL_RULE_FILES)
IDS = {rule.file: rule.id for rule in RULES}


def texts(file: str) -> list[str]:
    """Specs that the rule's own test says are broken, whole or as the services below its `SPEC`."""
    module = importlib.import_module(f"tests.rules.test_{file}")
    return [f"name: a\n{getattr(module, 'SPEC', '')}{row[0]}" for row in module.BROKEN]


@pytest.mark.parametrize("file", FILES)
def test_what_its_table_has_is_found(file: str) -> None:
    for text in texts(file):
        found = {violation.rule for violation in violations(load_text(text.encode()).spec)}
        assert IDS[file] in found, text


def test_a_plain_spec_asks_none_of_them() -> None:
    spec = load_text(b"name: a\ndomains: {x.test: {}}\nservices: {w: {image: 'i:1', host: w.x.test, port: 80}}\n").spec
    assert not any(may_find(spec) for may_find, _ in _ONLY_WITH)
