"""The closed list of lint's rules. Pure; one file each, and one line here."""

from __future__ import annotations

import importlib
from functools import cache

from edgegen.lint.rule import Check, Rule

RULE_FILES = ("el001_label_dropped",)


@cache
def rules() -> tuple[tuple[Rule, Check], ...]:
    """All rules with their checks, in the order of their ids."""
    modules = (importlib.import_module(f"{__name__}.{name}") for name in RULE_FILES)
    return tuple((module.RULE, module.check) for module in modules)
