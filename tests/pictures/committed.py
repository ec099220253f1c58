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
    if (complaint := out_of_date(file, now)) and request.config.getoption("--update-golden"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(now.encode() if isinstance(now, str) else now)
        return
    assert not complaint, complaint


def out_of_date(file: Path, now: str | bytes) -> str:
    """What the picture says more, and what less, than the one of today; "" if nothing."""
    if not file.exists():
        return f"{file.name} is missing: `make pictures` makes it"
    old = _words(file.read_text("utf-8") if isinstance(now, str) else file.read_bytes())
    changes = [line for line in difflib.ndiff(old, _words(now)) if line[0] in "+-"]
    return f"{file.name} is out of date, and `make pictures` makes it again: {changes}" if changes else ""


def _words(picture: str | bytes) -> list[str]:
    if isinstance(picture, str):
        return steady(svg.text_of(picture)).split()
    return sorted(steady(png.text_of(picture)).split())  # certificates of one second are in any order there
