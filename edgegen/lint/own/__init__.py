"""What lint itself reports: neither needs a rule that looks at a project. Pure; one file each."""

from __future__ import annotations

from edgegen.lint.own.el000_not_seen import RULE as NOT_SEEN
from edgegen.lint.own.el199_unused_suppression import RULE as UNUSED

OWN_FILES = ("el000_not_seen", "el199_unused_suppression")

__all__ = ["NOT_SEEN", "OWN_FILES", "UNUSED"]
