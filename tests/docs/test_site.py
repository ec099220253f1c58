"""The site builds without a warning, its links lead somewhere, and it loads nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.docs.site import ROOT, Built, build, dead_in_markdown, dead_links, loads_from_elsewhere

pytestmark = pytest.mark.slow


def test_it_builds_without_a_warning(site: Built) -> None:
    assert site.code == 0, site.said
    assert "WARNING" not in site.said
    assert "Documentation built in" in site.said


def test_make_docs_is_as_strict() -> None:
    recipe = re.search(r"^docs:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert recipe
    assert "mkdocs build --strict" in recipe[1]


def test_every_link_leads_somewhere(site: Built) -> None:
    assert list(dead_links(site)) == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_link_of_a_page_outside_the_site_leads_somewhere(name: str) -> None:
    assert list(dead_in_markdown(ROOT / name)) == []


def test_a_dead_link_in_markdown_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text("# One `two` three!\n[a](#one-two-three) [b](a.md) ![c](c.png) [d](#four) [e](http://e.example)\n")
    assert list(dead_in_markdown(page)) == ["c.png", "#four", "http://e.example"]


def test_nothing_is_loaded_from_elsewhere(site: Built) -> None:
    assert list(loads_from_elsewhere(site)) == []


def test_every_page_on_the_disk_is_on_the_site(site: Built) -> None:
    written = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}
    assert {str(path) for path in written} <= site.pages.keys()
    assert "tools/hooks.py" not in {str(file.relative_to(site.folder)) for file in site.folder.rglob("*.py")}


def test_the_build_notices(tmp_path: Path) -> None:
    """With the validation of mkdocs.yml: a dead link, a dead anchor, and a page that is in no menu."""
    config = {
        "site_name": "planted",
        "theme": "mkdocs",
        "docs_dir": "pages",
        "nav": [{"Home": "index.md"}],
        "validation": yaml.safe_load(re.search(r"^validation:\n(  .*\n)+", (ROOT / "mkdocs.yml").read_text(), re.M)[0])[  # type: ignore[index]
            "validation"
        ],
    }
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(config))
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.md").write_text("# Home\n\n[a](nowhere.md) [b](#nowhere) [c](/other.md)\n")
    (tmp_path / "pages/other.md").write_text("# Other\n")
    planted = build(tmp_path / "site", tmp_path / "mkdocs.yml")
    assert planted.code == 1
    for said in ("nowhere.md", "#nowhere", "/other.md", "other.md"):
        assert said in planted.said
    assert "Aborted with 4 warnings in strict mode" in planted.said


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("b.html", "there is no b.html"),
        ("#nowhere", "there is no such anchor"),
        ("a.html#nowhere", "there is no such anchor"),
        ("https://exa mple.com", "not an address"),
        ("http://example.com/", "not an address"),
    ],
)
def test_a_dead_link_is_noticed(tmp_path: Path, link: str, said: str) -> None:
    (tmp_path / "a.html").write_text(
        f'<article><h1 id="here">A</h1><a href="#here">x</a><a href="{link}">y</a></article>'
    )
    assert list(dead_links(Built(tmp_path))) == [f"a.html: {link}: {said}"]


def test_a_font_of_another_host_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<link rel="stylesheet" href="https://fonts.example/a.css"><script src="//b/c.js">'
    )
    (tmp_path / "a.css").write_text("@import url('https://fonts.example/b.css'); a { background: url(//b/c.png) }")
    assert len(list(loads_from_elsewhere(Built(tmp_path)))) == 4
