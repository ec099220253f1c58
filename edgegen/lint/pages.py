"""The pages of lint's rules, which are their modules' docstrings."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator

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
    of_lint = (importlib.import_module(f"{own.__name__}.{name}") for name in own.OWN_FILES)
    return [*_explained(rules()), *(page(module.RULE, module.__doc__) for module in of_lint), *_explained(steps())]


def _explained(judges: Iterable[tuple[Rule, Callable[..., object]]]) -> Iterator[Page]:
    return (page(rule, sys.modules[check.__module__].__doc__) for rule, check in judges)
