"""axe-core over a page in Chromium: what WCAG and its own best practices find wrong with it."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.cli.report.browser import Page
from tests.npm.folder import package


@cache
def _source() -> str:
    return (package("axe-core") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Each violation with the elements that have it. Raises AssertionError if axe looked at next to nothing."""
    page.evaluate(f"{_source()}; undefined")
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})", wait=True)
    assert len(found["passes"]) > 5, "axe has seen nothing"
    return [
        f"{item['id']}: {item['help']}: {', '.join(' '.join(node['target']) for node in item['nodes'][:5])}"
        for item in found["violations"]
    ]
