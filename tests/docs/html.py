"""What a page of the site says, links to and loads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_HEADINGS = ("h1", "h2", "h3", "h4")


@dataclass
class Section:
    """A heading with the text up to the next one."""

    level: int
    anchor: str
    title: str = ""
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    """Blocks of code, as they are."""


@dataclass
class Html(HTMLParser):
    """Texts, sections and rows are those of the article: menus have their own."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @classmethod
    def of(cls, text: str) -> Html:
        page = cls()
        page.feed(text)
        for section in page.sections:
            section.title, section.text = plain(section.title), plain(section.text)
            section.rows = [[plain(cell) for cell in row] for row in section.rows]
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        self.ids |= {found[key] for key in ("id", "name") if key in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") in ("stylesheet", "icon", "preload", "preconnect"):
            self.loads.append(found["href"])
        elif "src" in found:
            self.loads.append(found["src"])
        if tag in _VOID:
            return
        self._open.append("headerlink" if "headerlink" in found.get("class", "") else tag)
        if "article" in self._open:
            self._in_article(tag, found.get("id", ""))

    def _in_article(self, tag: str, anchor: str) -> None:
        if tag in _HEADINGS:
            self.sections.append(Section(int(tag[1]), anchor))
        elif tag == "tr":
            self.sections[-1].rows.append([])
        elif tag in ("td", "th"):
            self.sections[-1].rows[-1].append("")
        elif tag == "pre":
            self.sections[-1].blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag not in _VOID:
            ended = self._open.pop()
            if ended in (tag, "headerlink"):
                return

    def handle_data(self, data: str) -> None:
        if "article" not in self._open or "headerlink" in self._open:
            return
        if self.sections:
            if any(tag in self._open for tag in ("td", "th")):
                self.sections[-1].rows[-1][-1] += data
            if "pre" in self._open:
                self.sections[-1].blocks[-1] += data
            in_heading = any(tag in self._open for tag in _HEADINGS)
            section = self.sections[-1]
            section.title += data if in_heading else ""
            section.text += "" if in_heading else data

    @property
    def rows(self) -> list[list[str]]:
        """All rows of its tables."""
        return [row for section in self.sections for row in section.rows]

    @property
    def text(self) -> str:
        """All of the article."""
        return plain(" ".join(f"{section.title} {section.text}" for section in self.sections))


_VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")


def plain(text: str) -> str:
    """A text without what only layout decides: white space, and marks of code."""
    return re.sub(r"\s+", " ", text.replace("`", "")).strip()
