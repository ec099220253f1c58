"""The guide's table of exit codes says what the code's own says, and that has every code which edgegen can end with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from edgegen.core.errors import MEANINGS, EdgegenError
from edgegen.system.stop import EXIT_CODES

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "commands.md"
ANSWERS = {0, 1}


def told(page: str) -> dict[int, str]:
    """The rows below the heading, up to the next one."""
    part = page.partition("\n## Exit codes\n")[2].partition("\n## ")[0]
    return {int(code): meaning for code, meaning in re.findall(r"^\| (\d+) \| (.+) \|$", part, re.MULTILINE)}


def errors(kind: type[EdgegenError] = EdgegenError) -> Iterator[type[EdgegenError]]:
    yield kind
    for inner in kind.__subclasses__():
        yield from errors(inner)


def test_the_guide_tells_each_code() -> None:
    assert told(PAGE.read_text(encoding="utf-8")) == MEANINGS


def test_each_code_has_its_meaning() -> None:
    assert {kind.exit_code for kind in errors()} | {*EXIT_CODES.values()} | ANSWERS == MEANINGS.keys()


def test_a_row_that_differs_is_noticed() -> None:
    """Planted: a row is gone, and another says something else."""
    page = PAGE.read_text(encoding="utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith("| 6 |")]
    assert MEANINGS.keys() - told(page.replace(row + "\n", "")) == {6}
    assert told(page.replace(row, "| 6 | all is well |"))[6] == "all is well" != MEANINGS[6]
