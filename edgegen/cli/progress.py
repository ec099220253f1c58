"""A line that counts on a terminal, and nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from edgegen.cli.console import Console

WIDTH = 30
ERASE = "\x1b[K"


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function that shows how much is done of how much; the line is gone when the block ends.

    "0 of 0" takes the line away, so that something else can be said.
    """
    shown = sys.stderr.isatty() and not Console.quiet

    def show(done: int, total: int) -> None:
        if not shown:
            return
        filled = round(WIDTH * done / total) if total else 0
        line = f"[{'#' * filled}{' ' * (WIDTH - filled)}] {done}/{total} {what}" if total else ""
        sys.stderr.write(f"\r{line}{ERASE}")
        sys.stderr.flush()

    try:
        yield show
    finally:
        if shown:
            sys.stderr.write(f"\r{ERASE}")
