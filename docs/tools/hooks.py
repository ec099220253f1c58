"""MkDocs' hooks: the pages that are generated from the program, and `folder/*.md` in `nav`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

sys.path.insert(0, str(Path(__file__).parents[2]))  # MkDocs loads this file by its path

from docs.tools.landmarks import named
from docs.tools.navigation import expanded, give_places
from docs.tools.pages import generated

PAGES = generated()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """`nav` with the pages that its patterns mean, and the generated pages that it does not list."""
    written = sorted(str(path.relative_to(config.docs_dir)) for path in Path(config.docs_dir).rglob("*.md"))
    nav: list[Any] = config.nav or []
    config.nav = expanded(nav, [*written, *PAGES])
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages. They are not on the disk, so they can't be out of date."""
    for path, text in PAGES.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:  # noqa: ARG001 - MkDocs' signature
    """Pages of single rules are not in the menu: they belong to the section of their list."""
    give_places(files)
    return nav


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG001 - MkDocs' signature
    """Names for the parts of the theme's page that have none."""
    return named(output)
