"""Where pages are in the menu: patterns in `nav`, and the pages that only their list links to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

LISTS = ("reference/lint", "reference/rules", "reference/checks")
"""Folders with too many pages for a menu."""


def expanded(nav: list[Any], pages: Iterable[str]) -> list[Any]:
    """Each pattern of `nav` replaced by the pages that it matches and that have no entry, in their order."""
    listed = set(_named(nav))
    return _expanded(nav, [page for page in pages if page not in listed])


def _named(item: Any) -> Iterator[str]:
    if isinstance(item, str):
        yield item
    elif isinstance(item, dict):
        for value in item.values():
            yield from _named(value)
    else:
        for part in item:
            yield from _named(part)


def _expanded(nav: list[Any], pages: list[str]) -> list[Any]:
    found: list[Any] = []
    for item in nav:
        if isinstance(item, str) and "*" in item:
            found += [page for page in pages if fnmatchcase(page, item)]
        elif isinstance(item, dict):
            found.append(
                {key: _expanded(value, pages) if isinstance(value, list) else value for key, value in item.items()}
            )
        else:
            found.append(item)
    return found


def give_places(files: Files) -> None:
    """Give each page of a list the section of the list, and its neighbours."""
    for folder in LISTS:
        first = _page(files, f"{folder}/index.md")
        of_list = [_page(files, path) for path in sorted(files.src_uris) if _is_single(path, folder)]
        for page in of_list:
            page.parent = first.parent
        for one, other in pairwise([first, *of_list]):
            other.previous_page = one
            if one is not first:
                one.next_page = other


def _page(files: Files, path: str) -> Page:
    file = files.get_file_from_path(path)
    if file is None or file.page is None:
        raise KeyError(path)
    return file.page


def _is_single(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/") and not path.endswith("/index.md")
