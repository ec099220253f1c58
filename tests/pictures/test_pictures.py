"""The pictures in docs/pictures say what edgegen says today. `make pictures` makes them again."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.pictures import png, scenes, svg
from tests.pictures.committed import out_of_date, same_words
from tests.pictures.steady import steady
from tests.pictures.terminal import line_of, shown


@pytest.mark.slow
def test_lint(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    same_words(request, scenes.PICTURES / "lint.svg", scenes.lint(tmp_path))


@pytest.mark.slow
def test_a_picture_that_is_out_of_date_is_found(tmp_path: Path) -> None:
    """Planted: edgegen says one word more than the picture, and another word."""
    now, old = scenes.lint(tmp_path), tmp_path / "old.svg"
    assert "missing" in out_of_date(old, now)
    old.write_text(now, encoding="utf-8")
    assert out_of_date(old, now) == ""
    for then, word in (
        (now.replace("does&#160;not", "does"), "+ not"),
        (now.replace("open-registry", "open"), "- open:"),
    ):
        old.write_text(then, encoding="utf-8")
        assert word in out_of_date(old, now)


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


def test_a_png_keeps_its_text(tmp_path: Path) -> None:
    empty = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IEND\xaeB`\x82"
    file = tmp_path / "report.png"
    file.write_bytes(png.with_text(empty, "2 of 4 endpoints are bad"))
    assert out_of_date(file, png.with_text(empty, "2 of 4 endpoints are bad")) == ""
    assert "+ 5" in out_of_date(file, png.with_text(empty, "2 of 5 endpoints are bad")), "planted"
    assert png.text_of(png.with_text(empty, "was hier steht ☃")) == "was hier steht ☃"
    with pytest.raises(AssertionError, match="make pictures"):
        png.text_of(empty)


def test_what_differs_between_runs_does_not_count() -> None:
    one = "R1 until 2026-12-01; Pebble Intermediate CA 0a1b2c (1.2 s)"
    other = "R1 until\n 2027-01-30; Pebble Intermediate CA ffffff (12.9 s)"
    assert steady(one) == steady(other)
    assert steady(one) != steady(one.replace("until", "since"))
    assert steady("28 November 2026, 18:52 UTC · took 0.3 s") == steady("1 May 2027, 00:00 UTC · took 12 s")
    assert steady("Jan 2027\nMar\nMay\n364 of 365 days left") == steady("Nov\nJan 2028\n90 of 90 days left")
    assert steady("up\n ✔ one 0.1s\n ✔ two 1.0s\nend") == steady("up\n ✔ two 0.2s\n ✔ one 9.1s\nend")
    assert steady("one 0.1s\ntwo 1.0s") != steady("two 0.2s\none 9.1s"), "other lines keep their order"
