"""The example of the README is what `edgegen lint` prints."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import Edgegen

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of the section about lint."""
    section = README.split("\n## Lint the stack you already have\n")[1].split("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def test_the_readme_shows_what_lint_prints(edgegen: Edgegen, tmp_path: Path) -> None:
    (stack,), (session,) = blocks("yaml"), blocks("console")
    command, _, shown = session.partition("\n")
    (tmp_path / "compose.yaml").write_text(stack, encoding="utf-8")
    seen = edgegen(*command.removeprefix("$ edgegen ").split(), cwd=tmp_path)
    assert (seen.code, seen.out) == (1, shown)


def test_the_readme_names_every_option_that_only_lint_has(edgegen: Edgegen) -> None:
    offered = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", edgegen("lint", "--help").out, re.MULTILINE)
    common = {"--directory", "--environment", "--json", "--quiet", "--verbose", "--help", "--file", "--config"}
    section = README.split("\n## Lint the stack you already have\n")[1].split("\n## ")[0]
    assert len(offered) > len(common)
    assert [option for option in offered if option not in common and option not in section] == []
