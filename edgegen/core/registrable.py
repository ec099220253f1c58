"""Which part of a host name was registered, and so is a zone: by the public suffix list.

The list comes with its library; nothing is fetched.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from edgegen.core.errors import UsageError

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_MOST = 63


def registrable(domain: str) -> str:
    """`example.co.uk` for a.b.example.co.uk. Raises UsageError for a name below which anybody can register: `co.uk`.

    A private suffix counts: above foo.github.io everything is GitHub's. The suffix itself belongs to its owner.
    """
    found = _above_the_suffix(domain, only_icann=False) or _above_the_suffix(domain, only_icann=True)
    if found is None:
        raise UsageError(
            f"`{domain}` is a public suffix: names are registered below it", hint=f"like `my-name.{domain}`"
        )
    return found


def _above_the_suffix(domain: str, *, only_icann: bool) -> str | None:
    found: str | None = _suffixes(only_icann).privatesuffix(domain)
    return found


@cache
def _suffixes(only_icann: bool) -> PublicSuffixList:
    """The list, read once: that takes 40 ms."""
    from publicsuffixlist import PublicSuffixList  # only `init` and `add` need it

    return PublicSuffixList(only_icann=only_icann)


def project_name(domain: str) -> str:
    """A project's name from its domain: `commenthouse` for commenthouse.com, `r-example` for r.example.com."""
    zone = registrable(domain)
    below = domain.removesuffix(zone).split(".")[:-1]
    if below[:1] == ["www"]:  # which people write without meaning a project of that name
        del below[0]
    name = "-".join([*below, zone.partition(".")[0]])
    return re.sub(r"[^a-z0-9-]", "-", name)[:_MOST].strip("-") or "edge"
