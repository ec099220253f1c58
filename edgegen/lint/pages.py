"""The pages of lint's rules, which are their modules' docstrings."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator

from msgspec.structs import replace

from edgegen.core import page as of_core
from edgegen.core.page import Page
from edgegen.lint import own
from edgegen.lint.rule import Rule
from edgegen.lint.rules import rules
from edgegen.lint.upgrade import steps


def page(rule: Rule, docstring: str | None) -> Page:
    """One rule, explained, with how much its findings matter."""
    written = of_core.page(rule.id, rule.name, docstring)
    return replace(written, body=f"{written.body}\n\nSeverity\n    {rule.severity.value}")


def pages() -> list[Page]:
    """All of them."""
    return [*_of_rules(), *_of_lint(), *_of_upgrade()]


def _of_rules() -> Iterator[Page]:
    return (page(rule, sys.modules[check.__module__].__doc__) for rule, check in rules())


def _of_upgrade() -> Iterator[Page]:
    return (page(rule, sys.modules[check.__module__].__doc__) for rule, check in steps())


def _of_lint() -> Iterator[Page]:
    for name in own.OWN_FILES:
        module = importlib.import_module(f"{own.__name__}.{name}")
        yield page(module.RULE, module.__doc__)
