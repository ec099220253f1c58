"""What makes the generated pages: text as Markdown, the menu, names for landmarks, and the first version of a key."""

from __future__ import annotations

import re
from pathlib import Path

import markdown
import pytest

from docs.tools import since
from docs.tools.landmarks import named
from docs.tools.markdown import code, prose, table
from docs.tools.navigation import expanded
from docs.tools.schema_words import default_words, example, type_words
from tests.docs.html import Html

HOSTILE = [
    "plain", "a_b_c and *stars* **two**", "<b>not bold</b> a<b & c", "[link](http://a.example)", "# no heading",
    "1 | 2 || 3", "`code` and ``co`de``", "{.class}", "back\\slash \\* end", "[1<=x<=65535]",
    "$NAME ${NAME:-x} ~tilde~", "&lt; and &amp; stay",
]  # fmt: skip


def rendered(text: str) -> Html:
    html = markdown.markdown(text, extensions=["tables", "attr_list"])
    return Html.of(f"<article><h1>x</h1>{html}</article>")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_shown_as_it_is(text: str) -> None:
    spans = text.replace("``co`de``", "co`de").replace("`", "")
    page = rendered(prose(text))
    assert page.sections[0].text == spans.strip()
    assert page.links == []
    cells = rendered(table(["one", "two"], [[prose(text), "end"]])).rows[1]
    assert cells == [spans.strip(), "end"]


@pytest.mark.parametrize("text", ["a", "a|b", "a`b", "``", "<x>", "*", "  two"])
def test_code_is_shown_as_it_is(text: str) -> None:
    assert rendered(code(text)).sections[0].text == text.replace("`", "").strip()


def test_patterns_of_the_menu() -> None:
    nav = [{"Home": "index.md"}, {"Guide": ["guide/b.md", "guide/*.md", {"More": ["ref/*.md"]}]}]
    pages = ["guide/a.md", "guide/b.md", "guide/c.md", "index.md", "ref/z.md", "ref/y.md"]
    wanted = [
        {"Home": "index.md"},
        {"Guide": ["guide/b.md", "guide/a.md", "guide/c.md", {"More": ["ref/z.md", "ref/y.md"]}]},
    ]
    assert expanded(nav, pages) == wanted


def test_a_menu_and_the_search_get_names() -> None:
    search = '<div class="md-search" data-md-component="search" role="dialog">'
    menu = '<nav class="md-nav" data-md-level="1" aria-labelledby="__nav_2_label" aria-expanded="true">\n'
    title = '<label class="md-nav__title" for="__nav_2"><span class="md-nav__icon md-icon"></span>\nThe guide</label>'
    html = named(search + menu + title)
    assert 'role="dialog" aria-label="Search">' in html
    assert '<nav class="md-nav" data-md-level="1" aria-label="The guide" aria-expanded="true">' in html


@pytest.mark.parametrize(
    ("value", "words", "default"),
    [
        ({"type": "string", "default": "a"}, "text", "`a`"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}, "text", "none"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "array"}]}, "text, whole number or list", "`[]`"),
        ({"type": "array", "items": {"type": "string"}}, "list of text", "`[]`"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "map of whole number", "`{}`"),
        ({"type": "integer", "minimum": 1, "maximum": 9, "default": 0}, "whole number from 1 to 9", "`0`"),
        ({"enum": ["a", 2], "default": False}, "`a` or `2`", "`false`"),
        ({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "\\$"}]}, "whole number or a variable", "none"),
        ({"$ref": "#/$defs/Thing"}, "<Thing>", "that of its keys"),
    ],
)  # fmt: skip
def test_types_and_defaults_in_words(value: dict[str, object], words: str, default: str) -> None:
    assert type_words(value, lambda name: f"<{name}>") == words
    assert default_words(value) == default


def test_an_example_is_yaml() -> None:
    assert example("a", {"examples": ["16", "no"]}) == "a: '16'\n"
    assert example("a", {"examples": [{"b": [1]}]}) == "a:\n  b: [1]\n"
    assert example("a", {}) == ""


def unrecorded(changelog: str, folder: Path) -> list[str]:
    """Released versions (all headings but the first) whose keys were not recorded."""
    _, *released = re.findall(r"(?m)^## (\S+)", changelog)
    return [version for version in released if not (folder / f"{version}.txt").is_file()]


def test_the_keys_of_every_released_version_are_recorded() -> None:
    assert unrecorded((since.FOLDER.parents[2] / "CHANGELOG.md").read_text(encoding="utf-8"), since.FOLDER) == []


def test_a_version_that_was_not_recorded_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "0.1.0.txt").touch()
    changelog = "# Changelog\n\n## 0.3.0 (unreleased)\n\n## 0.2.0 (2026-12-24)\n\n## 0.1.0 (2026-11-28)\n"
    assert unrecorded(changelog, tmp_path) == ["0.2.0"]


def test_since_is_the_first_release_that_has_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(since, "FOLDER", tmp_path)
    (tmp_path / "0.9.0.txt").write_text("Acme.email\n")
    (tmp_path / "0.10.0.txt").write_text("Acme.email\nAcme.ca\n")
    since._released.cache_clear()
    try:
        assert [since.since("Acme", key) for key in ("email", "ca", "eab")] == ["0.9.0", "0.10.0", since.__version__]
        assert since.main() == 0
        written = (tmp_path / f"{since.__version__}.txt").read_text().split()
        assert {"Acme.eab", "Spec.name", "Container.image"} <= set(written)
    finally:
        since._released.cache_clear()
