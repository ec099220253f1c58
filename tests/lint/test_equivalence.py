"""Lint reads Compose files as `docker-compose config` does: hand-written styles, generated ones, and public files."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from edgegen.lint.model import Project
from edgegen.lint.reader.disk import FolderDisk
from edgegen.lint.reader.selection import taken
from edgegen.lint.reader.whole import read_files
from tests.lint.composed import composed
from tests.lint.equivalence import ENVIRON, compose, differences, of_compose, of_lint
from tests.lint.fuzz import looked_at
from tests.lint.wild import survey
from tests.sizes import sized

STYLES_FOLDER = Path(__file__).parent / "styles"
STYLES = sorted(path.name for path in STYLES_FOLDER.iterdir())
GENERATED = sized(10, 280)
"""With the hand-written styles more than 300 in the proof."""


def read(folder: Path) -> Project:
    """What lint takes in a folder without being told."""
    selected = taken(folder, ENVIRON)[0]
    inside = folder / selected.folder
    environ = {**selected.values, **ENVIRON}
    return read_files(selected.names, FolderDisk(inside), folder=str(inside), environ=environ)


def agree(folder: Path) -> None:
    """Compose and lint say the same of a folder."""
    project = read(folder)
    mine, theirs = of_lint(project, folder), of_compose(compose(folder))
    if project.name is None:  # a stack is named when it is deployed
        for kind in ("name", "networks", "volumes", "secrets", "configs"):
            mine.pop(kind), theirs.pop(kind)
    assert differences(theirs, mine) == []
    looked_at(project)


@pytest.mark.quick(5)
@pytest.mark.parametrize("name", STYLES)
def test_a_style_is_read_as_compose_reads_it(name: str) -> None:
    agree(STYLES_FOLDER / name)


@pytest.mark.quick(1)
@pytest.mark.parametrize("seed", range(GENERATED))
def test_a_generated_file_is_read_as_compose_reads_it(seed: int, tmp_path: Path) -> None:
    for name, text in composed(random.Random(seed)).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    agree(tmp_path)


def test_a_planted_difference_is_noticed() -> None:
    """Each attribute by itself: a reader that got it wrong would be seen."""
    folder = STYLES_FOLDER / "override"
    theirs = of_compose(compose(folder))
    for key in theirs["services"]["web"]:
        mine = of_lint(read(folder), folder)
        mine["services"]["web"][key] = "something else"
        assert [line.partition(":")[0] for line in differences(theirs, mine)] == [f".services.web.{key}"]


@pytest.mark.slow
def test_files_of_a_folder_are_read_as_compose_reads_them() -> None:
    """Public files, in a folder that EDGEGEN_WILD names; without it the styles, each file by itself."""
    folder = os.environ.get("EDGEGEN_WILD")
    words: Counter[str] = Counter()
    bad = []
    for seen in survey(Path(folder or STYLES_FOLDER), every=sized(10 if folder else 6, 1)):
        words[seen.word] += 1
        if seen.word in ("crash", "differs", "only lint refuses"):
            bad.append((seen.file, seen.details))
    assert bad == []
    assert words["equal"] > sum(words.values()) / 3
