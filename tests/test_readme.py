"""README where it is read: in the repository, and on the page of a package index."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager
from readme_renderer import markdown

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")


def dead(text: str) -> list[str]:
    """Links within the repository that lead nowhere: a missing file, or a heading that is not there."""
    places = [one or other for one, other in _LINK.findall(without_code(text))]
    return [place for place in places if not place.startswith("https://") and not leads(place)]


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$|`[^`\n]+`", "", text, flags=re.MULTILINE | re.DOTALL)


def leads(place: str) -> bool:
    path, _, heading = place.partition("#")
    file = ROOT / (path or "README.md")
    return file.exists() and (not heading or heading in headings(file.read_text(encoding="utf-8")))


def headings(text: str) -> set[str]:
    """As GitHub calls them in a link."""
    found = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", item.lower()).replace(" ", "-") for item in found}


def test_every_link_leads_somewhere() -> None:
    assert len(_LINK.findall(README)) > 20
    assert dead(README) == []


def test_a_dead_link_is_found() -> None:
    """Planted: a page, a picture and two headings that are not there."""
    wrong = ["docs/nowhere.md", "docs/pictures/none.png", "#no-such-heading", "docs/figures.md#none"]
    planted = f'[a]({wrong[0]}) <img src="{wrong[1]}"> [b]({wrong[2]}) [c]({wrong[3]})'
    assert dead(README + planted) == wrong


@pytest.fixture(scope="module")
def described() -> str:
    """What a package index gets, made as a build makes it."""
    core = ProjectMetadata(str(ROOT), PluginManager()).core
    assert core.readme_content_type == "text/markdown"
    return core.readme


def test_a_package_index_can_show_it(described: str) -> None:
    warnings = io.StringIO()
    page = markdown.render(described, stream=warnings)
    assert page is not None, warnings.getvalue()
    assert "<h1" in page and "<table>" in page
    said = re.sub(r"<[^>]+>", "", page)
    for part in ("edgegen init registry commenthouse.com", "pipx install edgegen", "5 findings in 1 file"):
        assert part in said


def test_a_package_index_shows_nothing_that_only_the_repository_has(described: str) -> None:
    page = markdown.render(described, stream=io.StringIO()) or ""
    assert "docs/pictures" in README
    assert "<img" not in page
    outside = [link for link in re.findall(r'href="([^"]+)"', page) if not link.startswith("#user-content-")]
    assert outside and all(link.startswith("https://") for link in outside), outside
    assert "<!--" not in described
    assert "](" not in without_code(described).replace("](https://", "")
