"""Names for parts of Material's page, so that a screen reader can say where it is."""

from __future__ import annotations

import re

_SEARCH = '<div class="md-search" data-md-component="search" role="dialog">'
_MENU = re.compile(
    r'(<nav class="md-nav"[^>]*) aria-labelledby="\w+"([^>]*>\s*<label class="md-nav__title".*?</label>)', re.DOTALL
)


def named(html: str) -> str:
    """The page with a named search dialog, and with the name of each menu in the menu itself.

    The theme takes that name from a label that may be empty or, on a desktop, hidden.
    """
    html = html.replace(_SEARCH, _SEARCH.replace(">", ' aria-label="Search">'))
    return _MENU.sub(lambda found: f'{found[1]} aria-label="{_text(found[2])}"{found[2]}', html)


def _text(html: str) -> str:
    """What of it is text."""
    return " ".join(re.sub(r"<[^>]*>|^[^>]*>", " ", html).split())
