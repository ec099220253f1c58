"""How wide the result may be, and whether in colour: a terminal's own, or neither for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable

from msgspec import Struct

from edgegen.cli.console import coloured, columns_of
from edgegen.core.columns import NARROWEST, PROSE, sentence

Colour = Callable[[str, str], str]
"""(text, code) -> the text in that colour, or as it was."""

BOLD, DIM, RED, GREEN, YELLOW, CYAN = "1", "2", "31;1", "32", "33", "36"


class Screen(Struct, frozen=True):
    """Where a result is shown. `width` None: nothing is wrapped, for programs."""

    width: int | None = None
    colour: Colour = lambda text, _code: text

    @property
    def prose(self) -> int | None:
        """Columns for sentences."""
        return None if self.width is None else min(self.width, PROSE)

    def sentence(self, text: str, *, lead: str = "", hanging: str = "") -> list[str]:
        """On one line if it fits, otherwise on lines that are not too long to read."""
        return sentence(text, self.width, lead=lead, hanging=hanging)


PLAIN = Screen()


class Look(Struct, frozen=True):
    """How a report is shown, and where. `verbose`: everything."""

    verbose: bool = False
    screen: Screen = PLAIN

    @property
    def every(self) -> bool:
        """Whether each item has a line: for programs too."""
        return self.verbose or self.screen.width is None


def screen() -> Screen:
    """That of stdout."""
    width = max(NARROWEST, columns_of(sys.stdout)) if sys.stdout.isatty() else None
    return Screen(width, lambda text, code: coloured(text, code, sys.stdout) if code and text else text)
