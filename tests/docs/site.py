"""The built site, as its readers get it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from tests.docs.html import Html

ROOT = Path(__file__).parents[2]
NOT_FOUND = "404.html"
"""Servers show it at any address, so its links begin at the root."""


@dataclass(frozen=True)
class Built:
    """What one build gave."""

    folder: Path
    said: str = ""
    code: int = 0

    @cached_property
    def pages(self) -> dict[str, Html]:
        """Every page by its path."""
        files = sorted(self.folder.rglob("*.html"))
        return {str(file.relative_to(self.folder)): Html.of(file.read_text(encoding="utf-8")) for file in files}

    def below(self, folder: str) -> dict[str, Html]:
        """The pages of a folder."""
        return {path: page for path, page in self.pages.items() if path.startswith(f"{folder}/")}


def build(folder: Path, config: Path = ROOT / "mkdocs.yml") -> Built:
    """What `make docs` runs, into another folder."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return Built(folder, done.stdout, done.returncode)


def dead_links(site: Built) -> Iterator[str]:
    """Links of a page to a file or an anchor of the site that is not there, and addresses that can't be right."""
    for page, html in site.pages.items():
        for link in (*html.links, *html.loads):
            if found := _wrong_with(site, page, link):
                yield f"{page}: {link}: {found}"


def _wrong_with(site: Built, page: str, link: str) -> str:
    if urlsplit(link).scheme or link.startswith("//"):
        return "" if re.fullmatch(r"(https://[\w.-]+(:\d+)?(/\S*)?|mailto:\S+@\S+)", link) else "not an address"
    target, anchor = urldefrag(link)
    if page == NOT_FOUND:
        target = target.removeprefix("/")
    file = os.path.normpath(Path(page).parent / unquote(target)) if target else page
    if not (site.folder / file).is_file():
        return f"there is no {file}"
    if anchor and file in site.pages and unquote(anchor) not in site.pages[file].ids:
        return "there is no such anchor"
    return ""


def loads_from_elsewhere(site: Built) -> Iterator[str]:
    """What a page or a style sheet would fetch from another host."""
    for page, html in site.pages.items():
        yield from (f"{page}: {link}" for link in html.loads if urlsplit(link).netloc)
    for file in site.folder.rglob("*.css"):
        for found in re.findall(r"(?:url\(|@import\s)[\"']?(?:https?:)?//[^)\"']*", file.read_text(encoding="utf-8")):
            yield f"{file.name}: {found}"


def dead_in_markdown(page: Path) -> Iterator[str]:
    """Links of a page that is read where the source is: to files, to its own headings, or to no address."""
    text = re.sub(r"(?ms)^```.*?^```", "", page.read_text(encoding="utf-8"))
    headings = {_slug(title) for title in re.findall(r"(?m)^#+ (.*)$", text)}
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        target, anchor = urldefrag(link)
        if urlsplit(link).scheme:
            if not link.startswith("https://"):
                yield link
        elif not (page.parent / target).exists() or (not target and anchor not in headings):
            yield link


def _slug(title: str) -> str:
    """As the forges make it: lower case, without punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
