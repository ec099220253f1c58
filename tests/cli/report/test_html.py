"""The page as text: what stands where, that words of others do no harm, and its size. A browser looks elsewhere."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from msgspec import structs
from msgspec.structs import replace

from edgegen.cli.report.html import html
from edgegen.cli.report.model import Report
from edgegen.core.grade import Grade
from tests.cli.report.making import bad, calm, half_dead, healthy, report_of, story
from tests.cli.report.strategies import reports

VOID = {"meta", "use", "circle", "path", "rect", "line", "br", "img", "link", "input"}
LEFT_OUT = {"li", "tr", "td", "th", "thead", "tbody", "p"}
"""End tags that HTML lets one leave out."""


class Tree(HTMLParser):
    """The elements of a page, and whether they nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({key for key, _ in attrs}) == len(attrs), (tag, attrs)
        self.found.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag:
            assert self.open[-1] in LEFT_OUT, (self.open, tag)
            self.open.pop()
        assert self.open, f"</{tag}> closes nothing"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.found if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_the_page_is_the_same_for_the_same_run() -> None:
    assert html(story()) == html(story())


@pytest.mark.parametrize(
    "report, title",
    [
        (story(), "4 of 8 endpoints are bad"),
        (report_of(half_dead(), healthy("a.example.com")), "1 of 2 endpoints is bad"),
        (report_of(half_dead()), "The one endpoint is bad"),
        (calm(), "All 3 endpoints are good"),
        (calm(1), "The one endpoint is good"),
        (report_of(), "Nothing was checked"),
        (replace(calm(), incomplete=True), "The run was stopped early"),
        (report_of((healthy("a.example.com")[0], None, [])), "The one endpoint could not be checked"),
    ],
)  # fmt: skip
def test_one_sentence_says_how_it_went(report: Report, title: str) -> None:
    text = html(report)
    assert f"<title>{title} · edgegen verify</title>" in text
    assert re.search(r"<h1>.*?<span>(.*?)</span></h1>", text).group(1) == title  # type: ignore[union-attr]


def test_what_is_worst_stands_first() -> None:
    text = html(story())
    order = [
        text.index(f'id="{item}-h"') for item in ("grid", "bad", "unknown", "remark", "way", "certificates", "good")
    ]
    assert order == sorted(order)
    cards = text[text.index('id="bad-h"') :]
    critical, high = cards.index("anybody can push"), cards.index("Traefik answers with its default")
    assert critical < high


def test_it_is_built_for_everybody() -> None:
    tree = Tree(html(story()))
    assert tree.all("html") == [{"lang": "en"}]
    assert [len(tree.all(tag)) for tag in ("header", "main", "footer", "nav", "h1")] == [1, 1, 1, 1, 1]
    levels = [int(tag[1]) for tag, _ in tree.found if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(cell.get("scope") in ("row", "col") for cell in tree.all("th"))
    assert len(tree.all("caption")) == len(tree.all("table")) > 5
    ids = [attributes["id"] for _, attributes in tree.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in tree.found:
        for target in (attributes.get("aria-labelledby"), attributes.get("href", "").partition("#")[2]):
            assert not target or target in ids, attributes


def test_nothing_is_asked_for_and_nothing_runs() -> None:
    tree = Tree(html(story()))
    assert {"http-equiv", "content"} in [set(item) for item in tree.all("meta")]
    (policy,) = [item["content"] for item in tree.all("meta") if item.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    tags = {tag for tag, _ in tree.found}
    assert not tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "audio", "video"}
    assert not {key for _, attributes in tree.found for key in attributes if key.startswith("on") or key == "src"}
    assert all(re.match(r"https://|#", item["href"]) for item in tree.all("a"))
    assert "url(" not in html(story())
    assert "@import" not in html(story())


def test_words_of_others_are_words() -> None:
    text = html(story())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "\\x1b]0;owned\\x07" in text
    assert "\\u202egro.elpmaxe" in text
    assert "{{ 7*7 }}" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.slow
@given(report=reports())
def test_any_report_makes_a_page_in_which_nothing_runs(report: Report) -> None:
    text = html(report)
    tree = Tree(text)
    assert not {"script", "img"} & {tag for tag, _ in tree.found}
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert len(tree.all("article")) == sum(row.grade is not Grade.GOOD for row in report.rows)
    text.encode()


def test_what_reads_it_would_notice() -> None:
    with pytest.raises(AssertionError):
        Tree("<div><p>a</div></div>")
    with pytest.raises(AssertionError):
        Tree("<section><div></section>")
    assert Tree("<script>alert(1)</script>").all("script") == [{}]


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("run `edgegen up` now", "run <code>edgegen up</code> now"),
        ("a `<b>` b", "a <code>&lt;b&gt;</code> b"),
        ("one ` alone <b>", "one ` alone &lt;b&gt;"),
        ("`a` `b", "`a` `b"),
    ],
)
def test_back_ticks_mark_code(text: str, wanted: str) -> None:
    of, seen, _ = healthy("a.example.com")
    assert f"<b>To fix it:</b> {wanted}</p>" in html(
        report_of((of, seen, [bad(of, "EV001", "x", "m", "v", hint=text)]))
    )


def test_findings_of_the_run_itself_are_shown() -> None:
    of, seen, found = healthy("a.example.com")
    alien = structs.replace(bad(of, "EV001", "x", "the whole run is bad", "v"), subject="nobody's")
    tree = Tree(html(report_of((of, seen, [*found, alien]))))
    assert "The run as a whole" in tree.text
    assert "the whole run is bad" in tree.text
    assert "Something is bad" in tree.text


def broken(number: int):
    of, seen, found = half_dead()
    of = structs.replace(of, host=f"w{number}.example.com")
    return of, structs.replace(seen, endpoint=of), [structs.replace(item, subject=of.shown) for item in found]


@pytest.mark.slow
@pytest.mark.parametrize("report", [calm(1000), report_of(*map(broken, range(1000)))], ids=["good", "bad"])
def test_a_thousand_endpoints_are_still_one_page(report: Report) -> None:
    begun = time.process_time()
    text = html(report)
    assert time.process_time() - begun < 10
    assert len(text.encode()) < 3_000_000
    assert all(row.endpoint.host in text for row in report.rows)


def test_a_project_can_bring_its_own_page(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report/verify.html.j2").write_text("{{ headline }} {{ report.rows[0].endpoint.name }}")
    of, seen, found = healthy("a.example.com", "<b>")
    assert html(report_of((of, seen, found)), [tmp_path]) == "The one endpoint is good &lt;b&gt;"
