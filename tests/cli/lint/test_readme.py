"""What README and the guide say about lint is what `edgegen lint` prints, and about the stack that the lab knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Edgegen

ROOT = Path(__file__).parents[3]
README, GUIDE = ROOT / "README.md", ROOT / "docs" / "guide" / "lint.md"
TUTORIAL = ROOT / "tests" / "lab" / "data" / "tutorial.yml"


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", [README, GUIDE], ids=lambda page: page.stem)
def test_a_page_shows_what_lint_prints(edgegen: Edgegen, tmp_path: Path, page: Path) -> None:
    stack, session = blocks(page, "yaml")[0], blocks(page, "console")[0]
    command, _, shown = session.partition("\n")
    (tmp_path / "compose.yaml").write_text(stack, encoding="utf-8")
    seen = edgegen(*command.removeprefix("$ edgegen ").split(), cwd=tmp_path)
    assert (seen.code, seen.out) == (1, shown)


def test_the_stack_of_the_readme_is_the_one_whose_faults_the_real_traefik_has_confirmed() -> None:
    (stack,) = blocks(README, "yaml")
    assert stack.partition("\n")[2] == TUTORIAL.read_text(encoding="utf-8").partition("\n")[2]


def test_each_fault_that_the_readme_names_is_found(edgegen: Edgegen, tmp_path: Path) -> None:
    (stack,), (session,) = blocks(README, "yaml"), blocks(README, "console")
    named = re.findall(
        r"^\d\. `([^`]+)`", README.read_text(encoding="utf-8").partition("## Quick start")[0], re.MULTILINE
    )
    assert len(named) == 4
    for part in named:
        (line,) = [line for line in stack.splitlines() if part in line]
        assert f"| {line}\n" in session, f"lint does not show `{line}`"


def test_the_guide_names_every_option_that_only_lint_has(edgegen: Edgegen) -> None:
    offered = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", edgegen("lint", "--help").out, re.MULTILINE)
    common = {"--directory", "--environment", "--json", "--quiet", "--verbose", "--help", "--file", "--config"}
    section = GUIDE.read_text(encoding="utf-8")
    assert len(offered) > len(common)
    assert [option for option in offered if option not in common and option not in section] == []
