"""The page as a browser shows it: on a phone and a desktop, in light and dark, nothing overflows, asks or complains.

Each of these is looked for in pages with that fault planted, so that a blind test would be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.cli.report.html import html
from edgegen.cli.report.model import Report
from edgegen.core.finding import Outcome
from edgegen.graph.model import Graph, Kind, Node
from tests.cli.report.axe import violations
from tests.cli.report.browser import Browser, BrowserError, Page, opened, running
from tests.cli.report.making import calm, half_dead, healthy, report_of, story
from tests.graph.pictures import drawn
from tests.sizes import sized

pytestmark = pytest.mark.slow  # Debian's chromium

PHONE, DESKTOP = 360, 1280
PICTURE = drawn("03-edge-kinds")
REPORTS = {
    "story": story(),
    "project": replace(story(), project="kinds", environment="dev", topology=PICTURE),
    "calm": calm(),
    "nothing": report_of(),
    "stopped": replace(report_of(half_dead(), (healthy("b.example.com")[0], None, [])), incomplete=True),
    "many": calm(250),
}
PAIRS = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
EVERY_WAY = [(width, dark) for width in (PHONE, DESKTOP) for dark in (False, True)]
"""Colours hang on no width, and widths on no colour: two of them meet all."""
WIDTH = "document.documentElement.scrollWidth"
"""Not compared with `innerWidth`: a phone makes that as wide as what is on the page."""
OPEN_ALL = "document.querySelectorAll('details').forEach(item => { item.open = true })"
CUT = """
(() => {
  const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const block = (item) => getComputedStyle(item).display.startsWith('inline') ? block(item.parentElement) : item
  while (texts.nextNode()) {
    const item = texts.currentNode.parentElement, range = document.createRange()
    if (item.closest('svg, .vh, style') || !texts.currentNode.textContent.trim()) continue
    range.selectNodeContents(texts.currentNode)
    const edge = block(item).getBoundingClientRect().right + 1
    if ([...range.getClientRects()].some((rect) => rect.right > edge)) found.push(item.tagName)
  }
  return found
})()
"""
"""Whose text stands out of its box."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with running(tmp_path_factory.mktemp("browser")) as one:
        yield one


def written(folder: Path, text: str) -> Path:
    file = folder / "verify.html"
    file.write_text(text, encoding="utf-8")
    return file


def luminance(colour: list[float]) -> float:
    """Relative luminance. Source: WCAG 2.2."""
    parts = [value / 255 for value in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: list[float], other: list[float]) -> float:
    """From 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def too_faint(page: Page) -> list[dict[str, Any]]:
    """What is shown with less contrast than WCAG AA asks for."""
    pairs = page.evaluate(PAIRS)
    assert len(pairs) >= 5
    return [pair for pair in pairs if contrast(pair["colour"], pair["ground"]) < pair["wanted"]]


@pytest.mark.parametrize(("width", "dark"), sized([(PHONE, False), (DESKTOP, True)], EVERY_WAY))
@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_it_is_shown_as_it_is_meant(browser: Browser, tmp_path: Path, report: Report, width: int, dark: bool) -> None:
    with opened(browser, written(tmp_path, html(report)), width=width, dark=dark) as page:
        assert (page.complaints, page.requests) == ([], [])
        assert page.evaluate(WIDTH) <= width
        page.evaluate(OPEN_ALL)
        assert page.evaluate(WIDTH) <= width
        assert page.evaluate(CUT) == []
        assert too_faint(page) == []


def test_light_and_dark_differ(browser: Browser, tmp_path: Path) -> None:
    file, ground = written(tmp_path, html(calm())), "getComputedStyle(document.body).backgroundColor"
    with opened(browser, file, width=PHONE) as light, opened(browser, file, width=PHONE, dark=True) as dark:
        assert light.evaluate(ground) != dark.evaluate(ground)


def test_what_is_wrong_is_seen_without_scrolling(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, html(story())), width=PHONE, height=740) as page:
        assert page.evaluate("document.querySelector('.urgent a').innerText") == "commenthouse.com"
        assert page.evaluate("document.querySelector('.urgent li').getBoundingClientRect().bottom") < 740
        assert page.evaluate("document.querySelector('h1').innerText") == "4 of 8 endpoints are bad"


def test_a_link_of_the_topology_opens_what_it_leads_to(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, html(calm())), width=DESKTOP) as page:
        assert page.evaluate("document.querySelectorAll('details[open]').length") == 0
        assert page.evaluate("document.querySelector(document.querySelector('.grid a').hash).tagName") == "DETAILS"
        assert page.evaluate("document.querySelector(document.querySelector('.name a').hash).tagName") == "DETAILS"


GRID = """
[...document.querySelectorAll('.grid tbody tr')].map(row => [
  row.querySelector('a').innerText, ...[...row.querySelectorAll('td')].map(cell => cell.innerText.trim()),
])
"""


def test_the_grid_has_the_worst_of_each_check_of_each_host(browser: Browser, tmp_path: Path) -> None:
    report = report_of(half_dead(), healthy("a.example.com"))
    with opened(browser, written(tmp_path, html(report)), width=DESKTOP) as page:
        names = page.evaluate("[...document.querySelectorAll('.grid thead th')].map(cell => cell.textContent)")
        rows = page.evaluate(GRID)
    assert names[0] == "Host"
    assert [row[0] for row in rows] == ["www.commenthouse.com", "a.example.com"]
    for row, of in zip(rows, report.rows, strict=True):
        for name, said in zip(names[1:], row[1:], strict=True):
            found = {item.outcome for item in of.findings if item.name == name}
            sign = "" if not found else "✕" if Outcome.FAIL in found else "?" if Outcome.UNKNOWN in found else "✓"
            assert said[:1] == sign, (of.endpoint.host, name)


SHOWN = "[...document.querySelectorAll('.grid tbody tr, .card, .fine')].filter(item => item.checkVisibility())"


@pytest.mark.parametrize("grade, number", [("bad", 4), ("unknown", 1), ("remark", 1), ("good", 2)])
def test_a_button_shows_one_outcome_without_a_script(browser: Browser, tmp_path: Path, grade: str, number: int) -> None:
    with opened(browser, written(tmp_path, html(story())), width=PHONE) as page:
        assert page.evaluate(f"{SHOWN}.length") == 16
        page.evaluate(f"document.getElementById('show-{grade}').click()")
        assert page.evaluate(f"{SHOWN}.every(item => item.classList.contains('g-{grade}'))")
        assert page.evaluate(f"{SHOWN}.length") == 2 * number
        assert page.evaluate("document.querySelectorAll('main > section h2').length") > 4
        page.evaluate("document.getElementById('show-all').click()")
        assert page.evaluate(f"{SHOWN}.length") == 16


def test_one_outcome_needs_no_buttons(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, html(calm())), width=PHONE) as page:
        assert page.evaluate("document.querySelectorAll('input').length") == 0


def test_the_picture_is_above_the_cards_and_marks_its_hosts(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, html(REPORTS["project"])), width=DESKTOP) as page:
        top = "document.querySelector('%s').getBoundingClientRect().top"
        assert page.evaluate(top % ".urgent") < page.evaluate(top % ".eg") < page.evaluate(top % ".grid")
        assert page.evaluate(top % ".grid") < page.evaluate(top % ".card")
        assert page.evaluate("document.querySelector('.eyebrow').innerText") == "EDGEGEN VERIFY · kinds (dev)"
        marked = "[...document.querySelectorAll(':is(.eg-remark, .eg-good, .eg-bad) ~ text')]"
        assert page.evaluate(f"{marked}.map(text => text.textContent)") == [
            "mirror.commenthouse.com",
            "pg.commenthouse.com:5432",
        ]
        assert page.evaluate("document.querySelector('.topology').open")
        assert page.evaluate("document.querySelectorAll('#way').length") == 0


def many_hosts(count: int) -> Graph:
    nodes = [Node(f"n{number}", Kind.HOST, f"h{number}.example.com") for number in range(count)]
    return Graph("many", "", "", tuple(nodes), ())


def test_a_large_picture_is_folded(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, html(replace(calm(), topology=many_hosts(41)))), width=DESKTOP) as page:
        assert not page.evaluate("document.querySelector('.topology').open")
        page.print_media()
        assert not page.evaluate("document.querySelector('#topology').checkVisibility()")


def test_paper_leaves_out_what_is_folded(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, html(report_of(half_dead()))), width=DESKTOP) as page:
        folded = "document.querySelector('.card details')"
        page.print_media()
        assert page.evaluate(f"{folded}.checkVisibility()") is False
        page.evaluate(f"{folded}.open = true")
        assert page.evaluate(f"{folded}.querySelector('li').checkVisibility()") is True
        assert page.evaluate("document.querySelectorAll('.card .hint')[0].checkVisibility()") is True


@pytest.mark.parametrize(
    "report, pages",
    [
        (replace(calm(3), project="shop", topology=drawn("06-several-names")), 1),
        (replace(calm(50), project="shop", topology=many_hosts(50)), 3),
        (REPORTS["project"], 3),
    ],
    ids=["three good hosts", "fifty good hosts", "everything at once"],
)
def test_it_is_shared_on_few_pages_of_a4(browser: Browser, tmp_path: Path, report: Report, pages: int) -> None:
    with opened(browser, written(tmp_path, html(report)), width=DESKTOP) as page:
        page.paper(tmp_path / "verify.pdf")
    content = (tmp_path / "verify.pdf").read_bytes()
    assert re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)[0] == (b"594.95996", b"841.91998")
    assert len(re.findall(rb"/Type /Page\b(?!s)", content)) == pages


@pytest.mark.parametrize(
    ("name", "dark"), sized([("project", True), ("calm", False)], [*product(REPORTS, (False, True))])
)
def test_axe_finds_nothing(browser: Browser, tmp_path: Path, name: str, dark: bool) -> None:
    with opened(browser, written(tmp_path, html(REPORTS[name])), width=DESKTOP, dark=dark) as page:
        page.evaluate(OPEN_ALL)
        assert violations(page) == []


@pytest.mark.parametrize(
    "what, rule",
    [
        ("<button></button>", "button-name"),
        ('<p style="color: #999; background: #fff">faint</p>', "color-contrast"),
        ('<svg role="img"><path d="M0 0"/></svg>', "svg-img-alt"),
    ],
)
def test_axe_sees_what_is_wrong(browser: Browser, tmp_path: Path, what: str, rule: str) -> None:
    with opened(browser, written(tmp_path, planted(html(calm()), what)), width=DESKTOP) as page:
        assert [found.partition(":")[0] for found in violations(page)] == [rule]


def test_a_page_that_is_not_there_is_no_page(browser: Browser, tmp_path: Path) -> None:
    with pytest.raises(BrowserError, match="ERR_FILE_NOT_FOUND"), opened(browser, tmp_path / "no.html", width=PHONE):
        pass


def planted(text: str, what: str) -> str:
    """The page with something more in its body, and without its policy."""
    lines = [line for line in text.split("\n") if "Content-Security-Policy" not in line]
    return "\n".join(lines).replace("</footer>", f"{what}</footer>")


IMAGE = '<img src="http://127.0.0.1:9/x.png" alt="">'


def test_an_image_from_elsewhere_is_seen(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, planted(html(calm()), IMAGE)), width=PHONE) as page:
        assert page.requests == ["http://127.0.0.1:9/x.png"]


@pytest.mark.parametrize("what", ["<script>console.error('x')</script>", "<script>throw new Error('x')</script>"])
def test_a_complaint_of_a_script_is_seen(browser: Browser, tmp_path: Path, what: str) -> None:
    with opened(browser, written(tmp_path, planted(html(calm()), what)), width=PHONE) as page:
        assert page.complaints


@pytest.mark.parametrize("what", ["<script>document.title = 'owned'</script>", IMAGE])
def test_the_policy_lets_nothing_in(browser: Browser, tmp_path: Path, what: str) -> None:
    with opened(browser, written(tmp_path, html(calm()).replace("</footer>", f"{what}</footer>")), width=PHONE) as page:
        assert page.evaluate("document.title") != "owned"
        assert "Content Security Policy" in "".join(page.complaints)


def test_what_is_too_wide_is_seen(browser: Browser, tmp_path: Path) -> None:
    wide = '<div style="width: 361px">x</div>'
    with opened(browser, written(tmp_path, planted(html(calm()), wide)), width=PHONE) as page:
        assert page.evaluate(WIDTH) > PHONE
    long = f"<p style='overflow-wrap: normal; overflow: hidden'>{'x' * 99}</p>"
    with opened(browser, written(tmp_path, planted(html(calm()), long)), width=PHONE) as page:
        assert page.evaluate(WIDTH) <= PHONE
        assert page.evaluate(CUT) == ["P"]


@pytest.mark.parametrize(
    "what",
    [
        '<p style="color: #777; background: #fff">faint</p>',
        '<p style="opacity: .5">faint</p>',
        '<div style="background: #000"><b style="color: #333">faint</b></div>',
        '<svg><text y="9" style="fill: #aaa">faint</text></svg>',
        '<svg><rect class="left" width="9" height="9" style="fill: #ddd"/></svg>',
        '<svg><rect width="9" height="9" style="fill: #fff; stroke: #ddd"/></svg>',
        '<svg><path class="eg-way" d="M0 0H9" style="stroke: #ddd"/></svg>',
        '<svg><g><rect width="9" height="9" style="fill: #333; stroke: #333"/><text fill="#444">x</text></g></svg>',
    ],
)
def test_what_is_too_faint_is_seen(browser: Browser, tmp_path: Path, what: str) -> None:
    with opened(browser, written(tmp_path, planted(html(calm()), what)), width=PHONE) as page:
        assert len(too_faint(page)) == 1


def test_contrast_is_the_one_of_the_standard() -> None:
    assert round(contrast([0, 0, 0], [255, 255, 255]), 2) == 21
    assert round(contrast([118, 118, 118], [255, 255, 255]), 2) == 4.54
