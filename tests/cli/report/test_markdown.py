"""A run in a pull request, as GitHub's own parser reads it: words of others are words, and nothing is a link."""

from __future__ import annotations

import html as markup
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from msgspec import structs
from msgspec.structs import replace

from edgegen.cli.report.markdown import MOST, markdown
from edgegen.cli.report.markdown_text import prose
from edgegen.cli.report.model import Report
from edgegen.core.grade import Grade
from edgegen.core.show import shown
from tests.cli.report.making import bad, calm, half_dead, healthy, report_of, story
from tests.cli.report.strategies import reports
from tests.cli.report.test_dns_markdown import HOSTILE

GOLDEN = Path(__file__).parent / "seen"
OURS = {
    "h2", "p", "ul", "li", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "br",
}  # fmt: skip


class Read(HTMLParser):
    """The elements of a page, and the text of each cell."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs, (tag, attrs)
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_comment_is_the_same_for_the_same_run(golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / "verify.md", markdown(replace(story(), project="commenthouse")) + "\n")


def test_the_worst_comes_first_and_the_good_is_folded() -> None:
    text = markdown(replace(report_of(healthy("a.example.com"), half_dead()), project="shop", environment="dev"))
    assert text.startswith("## edgegen verify: 1 of 2 endpoints is bad\n\n`shop (dev)` · 24 November 2026, 13:20 UTC")
    assert text.index("| ❌ bad | `www.commenthouse.com`") < text.index("<details><summary>1 good</summary>")
    assert "**To fix it:** open port 443 for IPv6 too" in text
    assert text.index("</summary>") < text.index("`a.example.com`")


@pytest.mark.slow
@given(report=reports())
def test_any_run_is_only_text(report: Report) -> None:
    read = Read(markdown(report))
    assert set(read.tags) <= OURS
    assert read.tags.count("tr") == len(report.rows) + read.tags.count("table")
    assert read.tags.count("details") == any(row.grade is Grade.GOOD for row in report.rows)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_sentence_is_a_sentence(text: str) -> None:
    read = Read(f"- {prose(text)} end")
    assert set(read.tags) <= {"ul", "li", "code"}
    wanted = shown(text.replace("\n", " "), 4096)
    assert " ".join(read.text.split()) == " ".join(
        f"{wanted.replace('`', '') if wanted.count('`') % 2 == 0 else wanted} end".split()
    )


@pytest.mark.parametrize(
    "text",
    [
        "@maintainer",
        "see #12",
        "https://evil.example/x",
        "www.evil.example",
        "me@evil.example",
        "GH-12",
        "(gh-7)",
        "a5c1706",
        "fe5e885b2c6d1a0f9e8d7c6b5a4f3e2d1c0b9a88",
    ],
)
def test_nothing_is_a_link_or_a_mention(text: str) -> None:
    assert "<code>" in cmarkgfm.github_flavored_markdown_to_html(prose(text))
    assert Read(prose(text)).tags == ["p", "code"]


def test_a_parser_that_sees_links_was_asked() -> None:
    with pytest.raises(AssertionError):
        Read("https://evil.example/x")


@pytest.mark.slow
def test_a_comment_fits_into_github() -> None:
    def broken(number: int) -> tuple[object, ...]:
        of, seen, found = half_dead()
        of = structs.replace(of, host=f"w{number}.example.com")
        return of, structs.replace(seen, endpoint=of), [structs.replace(item, subject=of.shown) for item in found]

    for report in (report_of(*map(broken, range(2000))), calm(2000)):  # type: ignore[arg-type]
        text = markdown(report)
        assert len(text) < MOST + 2000 < 65_536
        assert "`edgegen verify --json` has everything" in text


def test_code_in_a_hint_is_code() -> None:
    of, seen, _ = healthy("a.example.com")
    text = markdown(report_of((of, seen, [bad(of, "EV001", "x", "m", "v", hint="run `edgegen up` now")])))
    assert "**To fix it:** run `edgegen up` now" in text
    assert markup.unescape(text) == text
