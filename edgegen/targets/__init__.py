"""Targets: where a stack runs. Pure."""

from edgegen.targets.base import Target
from edgegen.targets.compose import ComposeTarget

TARGETS: dict[str, Target] = {"compose": ComposeTarget()}

__all__ = ["TARGETS", "ComposeTarget", "Target"]
