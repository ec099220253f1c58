"""The pages of the checks, as `edgegen verify --checks` and `edgegen rule` print them: their modules' docstrings."""

from __future__ import annotations

import sys

from edgegen.core import page as of_core
from edgegen.core.page import Page
from edgegen.verify.checks import CHECKS
from edgegen.verify.checks.check import Check


def page(check: Check) -> Page:
    """One check: its number and name, then its page, without a line break at the end."""
    written = of_core.page(check.id, check.name, sys.modules[check.judgements.__module__].__doc__)
    severities = ", ".join(f"{item.word} ({item.severity})" for item in check.verdicts)
    return Page(written.id, written.name, written.title, f"{written.body}\n\nSeverities\n    {severities}")


def pages() -> str:
    """All checks in the order of their numbers, with a line between them."""
    return of_core.joined([page(check) for check in CHECKS])
