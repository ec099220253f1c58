"""The guide's list of commands names each command that there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import Edgegen

OF_DNS = {"sync", "own", "export", "check-token"}
"""Its commands share a row, and `status` is one of the whole project, too."""
PAGE = Path(__file__).parents[2] / "docs" / "guide" / "commands.md"


def offered(edgegen: Edgegen) -> set[str]:
    """What `edgegen --help` lists."""
    listed = edgegen("--help").out.partition("\nCommands:\n")[2].partition("\n\n")[0]
    return set(re.findall(r"^  ([a-z-]+)  ", listed, re.MULTILINE))


def named(page: str) -> set[str]:
    """The commands of its rows: `edgegen dns plan` · `sync`, or `edgegen up` · `down`."""
    firsts = [row.split("|")[1] for row in page.replace(r"\|", "¦").splitlines() if row.startswith("| `edgegen ")]
    words = [word for cell in firsts for word in re.findall(r"`(?:edgegen )?([a-z-]+)", cell)]
    return {*words} - OF_DNS


def test_every_command_is_named(edgegen: Edgegen) -> None:
    known = offered(edgegen)
    assert len(known) > 15
    assert named(PAGE.read_text(encoding="utf-8")) == known, f"{PAGE.name} has a row for each command"


def test_a_command_that_is_not_named_is_found(edgegen: Edgegen) -> None:
    """Planted: a row is missing, and another is about a command that is gone."""
    page = PAGE.read_text(encoding="utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith("| `edgegen graph`")]
    assert offered(edgegen) - named(page.replace(row, "")) == {"graph"}
    assert named(page.replace(row, row.replace("graph", "paint"))) - offered(edgegen) == {"paint"}
