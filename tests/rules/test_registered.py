"""A rule is a page: each file is registered, explains itself, and has a test."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

import edgegen.rules
from edgegen.core.errors import SpecError
from edgegen.project.checked import checked
from edgegen.spec.load import load_text

FOLDER = Path(edgegen.rules.__file__).parent
HELPERS = {
    "__init__", "exposure", "hosts_of_environments", "ignored_secrets", "inventory", "label_guards", "label_keys",
    "label_world", "proxied", "rule", "violation",
}  # fmt: skip
REGISTERED = (*edgegen.rules.RULES, *edgegen.rules.DISK_RULES)
NAMES = sorted(file.stem for file in FOLDER.glob("*.py") if file.stem not in HELPERS)
HEADINGS = ["What it does", "Why", "Example", "Instead"]


def registered() -> set[str]:
    return {rule.check.__module__.rpartition(".")[2] for rule in REGISTERED}


def test_every_file_is_registered_once() -> None:
    assert len(REGISTERED) == len(registered())
    assert registered() == set(NAMES)


def test_every_rule_has_an_id_that_no_other_has() -> None:
    ids = [rule.id for rule in REGISTERED]
    assert all(re.fullmatch(r"ER\d{3}", number) for number in ids)
    assert sorted(ids) == [f"ER{number:03}" for number in range(1, len(ids) + 1)]
    assert [rule.name for rule in REGISTERED] == [
        rule.check.__module__.rpartition(".")[2].replace("_", "-") for rule in REGISTERED
    ]


FIRST = {
    "ER001": "registry-behind-proxy", "ER005": "open-registry", "ER012": "entrypoint-conflict",
    "ER015": "unpinned-image", "ER022": "labels-of-traefik",
    "ER028": "port-on-internal-network", "ER029": "build-context-with-secrets",
}  # fmt: skip


def test_an_id_stays_with_its_rule() -> None:
    """Messages, suppressions and other people's notes name the ids: they don't move when a rule comes or goes."""
    known = {rule.id: rule.name for rule in REGISTERED}
    assert {number: known[number] for number in FIRST} == FIRST


def headings(page: str) -> list[str]:
    return [line for line in page.splitlines()[1:] if line and not line.startswith(" ")]


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_is_a_page(name: str) -> None:
    page = ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text())) or ""
    assert headings(page) == HEADINGS
    for heading in HEADINGS:
        assert page.partition(f"{heading}\n")[2].partition("\n\n")[0].strip(), heading


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_has_a_test_that_breaks_it_and_near_misses(name: str) -> None:
    module = importlib.import_module(f"tests.rules.test_{name}")
    assert len(module.BROKEN) >= 2
    assert len(module.NEAR_MISSES) >= 2


def test_a_page_without_a_heading_is_noticed() -> None:
    assert headings("A rule.\n\nWhat it does\n    x\n\nWhy\n    y\n\nExample\n    z") != HEADINGS


def test_all_refusals_are_said_at_once_and_name_their_lines() -> None:
    text = """\
name: a
acme: {challenge: http}
domains: {example.com: {proxied: true}}
services:
  hub: {kind: registry, host: r.example.com}
  web: {image: "w:1", port: 80, host: "*.example.com"}
edge: {replicas: 2}
"""
    with pytest.raises(SpecError) as caught:
        checked(load_text(text.encode()))
    assert caught.value.exit_code == 2
    assert [str(problem.where) for problem in caught.value.problems] == [
        "edge.yaml:5:8",
        "edge.yaml:5:31",
        "edge.yaml:6:39",
        "edge.yaml:7:18",
    ]
    assert all(problem.hint for problem in caught.value.problems)
    assert [problem.rule for problem in caught.value.problems] == ["ER005", "ER001", "ER003", "ER004"]
    assert "services.hub: ER005 the registry `hub` has no users" in str(caught.value)
