"""The commands to run next, with what must be known before each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from edgegen.cli.console import out

if TYPE_CHECKING:
    from edgegen.cli.report.next_steps import Step


def show_steps(steps: Iterable[Step]) -> None:
    """As lines that can be copied to a shell."""
    out("\nNext:")
    for step in steps:
        for line in step.notes:
            out(f"  # {line}")
        out(f"  {step.command}")
