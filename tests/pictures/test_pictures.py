"""The pictures in docs/pictures say what edgegen says today. `make pictures` makes them again."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.pictures import png, scenes, svg
from tests.pictures.committed import same_words
from tests.pictures.steady import steady
from tests.pictures.terminal import line_of, shown


def test_lint(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    same_words(request, scenes.PICTURES / "lint.svg", scenes.lint(tmp_path))


def test_a_picture_that_is_out_of_date_is_found(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Planted: edgegen says one word more than the picture, and one word less."""
    if request.config.getoption("--update-golden"):
        pytest.skip("the pictures are being made")
    now = scenes.lint(tmp_path)
    for then in (now.replace("does&#160;not", "does"), now.replace("open-registry", "open-registry2")):
        assert then != now
        old = tmp_path / "old.svg"
        old.write_text(then, encoding="utf-8")
        with pytest.raises(AssertionError, match="make pictures"):
            same_words(request, old, now)


def test_the_text_of_a_picture_is_the_screen(tmp_path: Path) -> None:
    words = r"printf 'a \033[31;1mred\033[0m \033[2mdim\033[22m & <b>\n\n  100%%\r\033[K  done  end\n'"
    _, rows = shown(["sh", "-c", words], 40, env={})
    assert [line_of(row) for row in rows] == ["a red dim & <b>", "", "  done  end"]
    picture = svg.svg("a title", [("printf", rows)], 40)
    assert svg.text_of(picture) == "$ printf\na red dim & <b>\n\n  done  end"
    styles = {(item.text or "").strip("\xa0"): item.get("class") for item in ElementTree.fromstring(picture).iter()}
    assert len({styles["red"], styles["dim"], styles["a"]}) == 3, "colours are lost"


@pytest.mark.parametrize("file", sorted(scenes.PICTURES.glob("*.svg")), ids=lambda file: file.name)
def test_a_picture_asks_for_nothing_from_elsewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not [word for word in ("http:", "https://cdn", "@import", "@font-face", "<script", "<image") if word in text]


def test_a_png_keeps_its_text() -> None:
    empty = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IEND\xaeB`\x82"
    assert png.text_of(png.with_text(empty, "was hier steht ☃")) == "was hier steht ☃"
    with pytest.raises(AssertionError, match="make pictures"):
        png.text_of(empty)


def test_what_differs_between_runs_does_not_count() -> None:
    one = "R1 until 2026-12-01; Pebble Intermediate CA 0a1b2c (1.2 s)"
    other = "R1 until\n 2027-01-30; Pebble Intermediate CA ffffff (12.9 s)"
    assert steady(one) == steady(other)
    assert steady(one) != steady(one.replace("until", "since"))
