"""Every rule and check with its page: lint's rules (EL), the spec's (ER) and the checks of `verify` (EV)."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.errors import UsageError
from edgegen.core.page import Page
from edgegen.core.pattern import late_pattern
from edgegen.core.suggest import suggest

_ID = late_pattern(r"([A-Za-z]{2})0*([0-9]{1,3})")


def all_pages() -> list[Page]:
    """All of them, in the order of their ids."""
    return sorted(_pages(), key=lambda page: page.id)


def find_page(word: str) -> Page:
    """The page of an id or a name, in upper or lower case. Raises UsageError."""
    pages = all_pages()
    found = [page for page in pages if word.upper() == page.id or word.lower() == page.name]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"`{word}` is the name of several rules", hint=f"use an id: {' or '.join(page.id for page in found)}"
        )
    meant = _meant(word, pages)
    raise UsageError(
        f"there is no rule `{word[:60]}`", hint=f"did you mean `{meant}`?" if meant else "`edgegen rules` lists them"
    )


def lint_pages() -> Iterator[Page]:
    """Those that `edgegen lint` reports: its own rules, and those about edge.yaml."""
    from edgegen.lint.pages import pages as of_lint
    from edgegen.rules import DISK_RULES, RULES

    yield from of_lint()
    yield from (rule.page for rule in (*RULES, *DISK_RULES))


def _pages() -> Iterator[Page]:
    from edgegen.verify.checks import CHECKS
    from edgegen.verify.checks import pages as of_checks

    yield from lint_pages()
    yield from map(of_checks.page, CHECKS)


def _meant(word: str, pages: list[Page]) -> str | None:
    """`EV5` means EV005; anything else, the id or name that is most like it."""
    ids = [page.id for page in pages]
    if spelt := _ID.fullmatch(word):
        padded = f"{spelt[1].upper()}{spelt[2]:0>3}"
        if padded in ids:
            return padded
    return suggest(word, (*ids, *(page.name for page in pages)))
