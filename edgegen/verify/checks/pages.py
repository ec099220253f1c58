"""The pages of the checks, as `edgegen verify --checks` prints them: their modules' docstrings."""

from __future__ import annotations

import inspect
import sys

from edgegen.verify.checks import CHECKS
from edgegen.verify.checks.check import Check


def page(check: Check) -> str:
    """One check: its number and name, then its page, without a line break at the end."""
    text = inspect.cleandoc(sys.modules[check.judgements.__module__].__doc__ or "")
    title, _, rest = text.partition("\n")
    severities = ", ".join(f"{item.word} ({item.severity})" for item in check.verdicts)
    head = f"{check.id} {check.name}: {title.rstrip('.')}"
    return f"{head}\n{rest}\n\nSeverities\n    {severities}"


def pages() -> str:
    """All checks in the order of their numbers, with a line between them."""
    return f"\n\n{'-' * 72}\n\n".join(page(check) for check in CHECKS) + "\n"
