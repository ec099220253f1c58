"""The pages of lint's rules, which are their modules' docstrings."""

from __future__ import annotations

import sys
from dataclasses import replace

from edgegen.core import page as of_core
from edgegen.core.page import Page
from edgegen.lint.rule import Check, Rule
from edgegen.lint.rules import rules


def page(rule: Rule, check: Check) -> Page:
    """One rule, explained, with how much its findings matter."""
    written = of_core.page(rule.id, rule.name, sys.modules[check.__module__].__doc__)
    return replace(written, body=f"{written.body}\n\nSeverity\n    {rule.severity.value}")


def pages() -> list[Page]:
    """All of them, in the order of the registry."""
    return [page(rule, check) for rule, check in rules()]
