"""The built site, as its readers get it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Built:
    """What one build gave."""

    folder: Path
    said: str
    code: int

    def page(self, path: str) -> Html:
        return Html.of((self.folder / path).read_text(encoding="utf-8"))

    @cached_property
    def pages(self) -> list[str]:
        return sorted(str(file.relative_to(self.folder)) for file in self.folder.rglob("*.html"))


def build(folder: Path, config: Path = ROOT / "mkdocs.yml") -> Built:
    """`make docs`, into another folder."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean", "-f", str(config), "-d", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return Built(folder, done.stdout, done.returncode)


@dataclass
class Html(HTMLParser):
    """What a page says, links to and loads. Only the article's text counts."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    depth: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @classmethod
    def of(cls, text: str) -> Html:
        page = cls()
        page.feed(text)
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
        if tag == "article":
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.pieces.append(data)

    @property
    def text(self) -> str:
        return plain("".join(self.pieces))


def plain(text: str) -> str:
    """A text without what only layout decides: white space, and marks of code."""
    return re.sub(r"\s+", " ", text.replace("`", "").replace("¶", "")).strip()


def dead_links(site: Built) -> Iterator[str]:
    """Links of a page to a file or an anchor of the site that is not there."""
    known = {page: site.page(page) for page in site.pages}
    for page, html in known.items():
        for link in html.links + html.loads:
            target, anchor = urldefrag(link)
            if urlsplit(link).scheme or link.startswith("//"):
                if not re.fullmatch(r"https://[\w.-]+(:\d+)?(/\S*)?", link) and not link.startswith("mailto:"):
                    yield f"{page}: {link} is not an address"
                continue
            file = os.path.normpath(Path(page).parent / unquote(target)) if target else page
            if not (site.folder / file).is_file():
                yield f"{page}: {link}: there is no {file}"
            elif anchor and anchor not in known[file].ids if file in known else False:
                yield f"{page}: {link}: there is no such anchor"
