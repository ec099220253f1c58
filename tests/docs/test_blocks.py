"""Every code block of README, CONTRIBUTING and docs/ runs, or is checked as one of a closed list of kinds."""

from __future__ import annotations

import re

import pytest

from tests.docs.run import ROOT, pages
from tests.docs.site import Built
from tests.docs.typed import Pages

pytestmark = pytest.mark.slow  # the whole of the docs
PAGES = [str(path.relative_to(ROOT)) for path in pages()]


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page_runs(page: str, typed_pages: Pages) -> None:
    """None is passed over: they are counted in another way, too, by the lines that open a fence."""
    assert typed_pages(page).blocks == fences((ROOT / page).read_text(encoding="utf-8"))


def test_the_site_has_no_other_block(site: Built) -> None:
    """Counted on the built pages: text that is only indented would be a block that nothing runs."""
    shown = {
        page: sum(len(section.blocks) for section in site.pages[html].sections)
        for page in PAGES
        if (html := page.removeprefix("docs/").replace(".md", ".html")) in site.pages and page.startswith("docs/")
    }
    assert len(shown) >= 30
    assert shown == {page: fences((ROOT / page).read_text(encoding="utf-8")) for page in shown}


def fences(text: str) -> int:
    """Every second fence closes one: the docs have no block in a block."""
    return len(re.findall(r"^[ \t>]*(?:```|~~~)", text, re.MULTILINE)) // 2
