"""What is imported is declared in pyproject.toml, and what is declared is imported."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: Iterable[str]) -> set[str]:
    return {canonical(re.split(r"[\s\[<>=!~;]", one)[0]) for one in requirements}


def imported(*texts: str) -> set[str]:
    """The top-level modules of others that are imported anywhere, at the top or in a function."""
    found = {name for text in texts for name in imported_by(text)}
    return found - sys.stdlib_module_names - {"edgegen", "tests", "docs", "tools"}


@cache
def imported_by(text: str) -> frozenset[str]:
    """The top-level modules of one file, read once for all tests."""
    found: set[str] = set()
    for node in statements(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return frozenset(found)


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """All that are in a node. Most of a tree are expressions, which hold none and are not walked."""
    for part in ("body", "handlers", "cases", "orelse", "finalbody"):
        for inner in getattr(node, part, ()):
            yield inner
            yield from statements(inner)


@cache
def where() -> Mapping[str, Sequence[str]]:
    """Top-level module -> the distributions that bring it. Half a second: only for the worker that asks."""
    return packages_distributions()


def undeclared(modules: Iterable[str], declared: set[str]) -> set[str]:
    return {name for name in modules if not declared & {canonical(one) for one in where().get(name, [name])}}


def sources(folder: str) -> list[str]:
    return [file.read_text() for file in (ROOT / folder).rglob("*.py")]


@pytest.mark.slow
def test_what_edgegen_imports_is_declared() -> None:
    assert undeclared(imported(*sources("edgegen")), names(PROJECT["dependencies"])) == set()


@pytest.mark.slow
def test_what_the_tests_import_is_declared() -> None:
    extras = PROJECT["optional-dependencies"]
    declared = names(
        [*PROJECT["dependencies"], *extras["dev"], *extras["docs"], *extras["fuzz"]]
    )  # `make fuzz` installs the latter
    assert undeclared(imported(*sources("tests"), *sources("tools")), declared) == set()


@pytest.mark.slow
def test_what_is_declared_is_imported() -> None:
    brought = {canonical(one) for name in imported(*sources("edgegen")) for one in where().get(name, ())}
    assert names(PROJECT["dependencies"]) - brought == set()


def test_an_import_that_is_not_declared_is_caught() -> None:
    planted = "def f():\n    import urllib3\n    from httpcore import URL\n    import os.path\n"
    assert undeclared(imported(planted), names(PROJECT["dependencies"])) == {"urllib3", "httpcore"}


PLACES = """
class A:
    import a
    async def f(self):
        if 1: import b
        elif 2: import c
        else:
            import d
        try: import e
        except* OSError: import f
        else: import g
        finally: import h
        with x: import i
        async with x: import j
        for x in x: import k
        else: import l
        while 1: import m
        else: import n
        match x:
            case 1: import o
        async for x in x: import p
"""


def test_an_import_is_found_wherever_a_statement_may_be() -> None:
    assert imported_by(PLACES) == set("abcdefghijklmnop")
