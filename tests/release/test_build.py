"""What two builds of one source must agree in; the whole release builds the real source this way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.release.build import NotReproducibleError, build_twice

EPOCH = 1_700_000_000
PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "small"
version = "1.0"
requires-python = ">=3.11"
[tool.hatch.build.hooks.custom]
"""
HOOK = """\
import pathlib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

class Hook(BuildHookInterface):
    def initialize(self, version, data):
        pathlib.Path(self.root, "small", "place.py").write_text(f"WHERE = {__file__!r}")
"""


def export_with_its_place(folder: Path) -> None:
    """A source whose build writes where it runs into the package."""
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "hatch_build.py").write_text(HOOK)
    (folder / "small").mkdir()
    (folder / "small" / "__init__.py").write_text("")


@pytest.mark.slow
def test_a_build_that_remembers_where_it_was_is_refused(tmp_path: Path) -> None:
    """Planted: a build that writes its folder into the package."""
    before = os.umask(0o022)
    with pytest.raises(NotReproducibleError, match=r"differ: small-1\.0-py3-none-any\.whl"):
        build_twice(export_with_its_place, tmp_path, EPOCH)
    assert os.umask(before) == 0o022, "the mask is not put back"
