"""The site in a browser: accessible, on a phone and a desktop, in light and dark; and its search."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.report.axe import violations
from tests.cli.report.browser import Browser, Page, opened, running
from tests.docs.site import ROOT, Built
from tests.sizes import sized, some

pytestmark = pytest.mark.slow

PAGES = (
    "index.html",
    "guide/swarm.html",
    "guide/lint.html",
    "reference/spec/registry.html",
    "reference/commands/dns.html",
    "reference/checks/EV018.html",
)
"""One of each kind: prose, tables, console, keys, options, verdicts. The proof takes EVERY."""
EVERY = (
    *(str(path.relative_to(ROOT / "docs").with_suffix(".html")) for path in sorted((ROOT / "docs").rglob("*.md"))),
    "reference/spec/index.html",
    "reference/spec/registry.html",
    "reference/spec/middlewares.html",
    "reference/commands/index.html",
    "reference/lint/index.html",
    "reference/lint/EL001.html",
    "reference/checks/EV018.html",
)
"""All that are written by hand, and some of each kind that is generated."""
BOTH = (False, True)
IN_TURN = [(path, dark) for turn, path in enumerate(PAGES) for dark in (BOTH if turn == 0 else (turn % 2 == 1,))]
"""The first page in light and dark, the others in one of them. A page takes a browser more than a second."""
PHONE, DESKTOP = 360, 1280
WIDTH = "document.documentElement.scrollWidth"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Built) -> Iterator[str]:
    """The site on a server, as its search needs one."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site.folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with running(tmp_path_factory.mktemp("browser")) as one:
        yield one


@pytest.mark.parametrize(("path", "dark"), sized(IN_TURN, [(path, dark) for path in EVERY for dark in BOTH]))
def test_a_page_is_accessible(browser: Browser, address: str, path: str, dark: bool) -> None:
    with opened(browser, f"{address}/{path}", width=DESKTOP, dark=dark) as page:
        assert violations(page) == []
        assert is_dark(page) is dark
        assert [url for url in page.requests if not url.startswith((address, "data:", "blob:"))] == []
        assert page.complaints == []


@pytest.mark.parametrize("path", sized(PAGES[1::3], EVERY))
def test_a_page_fits_a_phone(browser: Browser, address: str, path: str) -> None:
    with opened(browser, f"{address}/{path}", width=PHONE) as page:
        assert page.evaluate(WIDTH) == PHONE
        assert violations(page) == []


def is_dark(page: Page) -> bool:
    return page.evaluate("document.body.dataset.mdColorScheme") == "slate"


def test_a_planted_violation_is_noticed(browser: Browser, site: Built, tmp_path: Path) -> None:
    text = (site.folder / "index.html").read_text(encoding="utf-8")
    planted = text.replace("</article>", '<img src="x.png"><p style="color: #ccc; background: #fff">pale</p></article>')
    assert planted != text
    (site.folder / "planted.html").write_text(planted, encoding="utf-8")
    try:
        with opened(browser, site.folder / "planted.html", width=DESKTOP) as page:
            assert {found.partition(":")[0] for found in violations(page)} == {"image-alt", "color-contrast"}
    finally:
        (site.folder / "planted.html").unlink()


FOUND = """
new Promise((done) => {
  const field = document.querySelector('[data-md-component="search-query"]')
  const list = document.querySelector('[data-md-component="search-result"] ol')
  new MutationObserver(() => list.querySelector('a') && done([...list.querySelectorAll('a')].map((link) => link.href)))
    .observe(list, {childList: true, subtree: true})
  field.focus()
  field.value = WORDS
  field.dispatchEvent(new Event('input', {bubbles: true}))
  field.dispatchEvent(new KeyboardEvent('keyup', {bubbles: true}))
})
"""
"""The addresses that the site's own search finds."""


SOUGHT = (
    ("certresolver", "reference/lint/EL001.html"),
    ("trusted_ips", "reference/spec/edge.html"),
    ("allow-deletes", "reference/commands/dns.html"),
)
"""A browser takes two seconds to read what the site's search knows, for each page anew."""


@pytest.mark.parametrize(("words", "page"), some(SOUGHT, 3))
def test_the_search_finds(browser: Browser, address: str, words: str, page: str) -> None:
    with opened(browser, f"{address}/index.html", width=DESKTOP) as one:
        found = one.evaluate(FOUND.replace("WORDS", f"'{words}'"), wait=True)
        assert any(link.startswith(f"{address}/{page}") for link in found), found
