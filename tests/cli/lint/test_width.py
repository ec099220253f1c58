"""On a terminal, lint's lines end between words; elsewhere each sentence is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Edgegen
from tests.pictures.scenes import HERE, command, lint_project
from tests.pictures.terminal import line_of, shown


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 100, 140])
def test_no_word_is_torn_on_a_terminal(edgegen: Edgegen, tmp_path: Path, columns: int) -> None:
    lint_project(tmp_path)
    plain = edgegen("lint", cwd=tmp_path).out
    assert max(map(len, plain.splitlines())) > 140, "nothing had to be wrapped"
    code, rows = shown(command("lint"), columns, env=HERE, cwd=tmp_path)
    lines = [line_of(row) for row in rows]
    assert code == 1
    assert max(map(len, lines)) <= columns
    assert " ".join(plain.split()) == " ".join(" ".join(lines).split())


@pytest.mark.slow
def test_a_line_of_the_file_is_cut_to_the_terminal_with_its_mark(tmp_path: Path) -> None:
    lint_project(tmp_path)
    _, rows = shown(command("lint"), 60, env=HERE, cwd=tmp_path)
    lines = [line_of(row) for row in rows]
    (at,) = [number for number, line in enumerate(lines) if "redirections.entrypoint…" in line]
    assert len(lines[at]) <= 60
    assert lines[at + 1].strip(" |").count("^") == len(lines[at]) - lines[at].index("--entrypoints")
