"""What a page shows against what a program printed: `…` is anything within a line, and a line `…` any lines."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

ANY = "…"


def difference(shown: Sequence[str], printed: str) -> str:
    """ "" if they agree, or else a diff."""
    wanted = [line.rstrip() for line in shown]
    got = [line.rstrip() for line in printed.splitlines()]
    for lines in (wanted, got):
        while lines and not lines[-1]:
            lines.pop()
    if re.fullmatch(_pattern(wanted), "".join(f"{line}\n" for line in got)):
        return ""
    return "\n".join(difflib.unified_diff(wanted, got, "the page", "the program", lineterm=""))


def _pattern(lines: Sequence[str]) -> str:
    """A line `…` may also stand for no line at all."""
    return "".join(r"(?:.*\n)*?" if line.strip() == ANY else f"{_of_line(line)}\n" for line in lines)


def _of_line(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split(ANY))
