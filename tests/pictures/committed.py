"""A committed picture against the one that a run gives now."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.pictures import png, svg
from tests.pictures.steady import steady


def same_words(request: pytest.FixtureRequest, file: Path, now: str | bytes) -> None:
    """Both say the same; `--update-golden` replaces the picture where they don't.

    A picture that says the same stays: a browser's or font's next version gives other bytes.
    """
    new = _words(now)
    old = _words(file.read_text("utf-8") if isinstance(now, str) else file.read_bytes()) if file.exists() else []
    if old != new and request.config.getoption("--update-golden"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(now.encode() if isinstance(now, str) else now)
        return
    changes = [line for line in difflib.ndiff(old, new) if line[0] in "+-"]
    assert not changes, f"{file.name} is out of date, and `make pictures` makes it again: {changes}"


def _words(picture: str | bytes) -> list[str]:
    return steady(svg.text_of(picture) if isinstance(picture, str) else png.text_of(picture)).split()
