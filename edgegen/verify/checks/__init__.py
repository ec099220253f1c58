"""The closed list of checks of `verify`. Pure; one file each, and one line here."""

from __future__ import annotations

from edgegen.verify.checks.check import Check, Context

CHECKS: tuple[Check, ...] = ()

__all__ = ["CHECKS", "Check", "Context"]
