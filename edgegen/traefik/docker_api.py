"""Which Traefik and which version of its API Docker Engine 29 accepts: one place for the rules, `up` and lint."""

from __future__ import annotations

from edgegen.traefik.version import Version

FIRSTS = {2: Version(2, 11, 31), 3: Version(3, 6, 1)}
"""Per major, the first Traefik that asks the engine for its API version instead of insisting on 1.24."""
LEAST = (1, 44)
"""The lowest version of its API that Docker Engine 29 answers."""


def first_that_negotiates(version: Version) -> Version:
    """The oldest usable one of that major version; of Traefik 3 where that major version has none."""
    return FIRSTS.get(version.major, FIRSTS[3])


def negotiates(version: Version) -> bool:
    """Whether that Traefik shows its routes with Docker Engine 29."""
    return version >= first_that_negotiates(version)


def is_too_old(api: str) -> bool:
    """Whether Docker Engine 29 refuses that version of its API. False where the text is not a version."""
    major, _, minor = api.partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) < 5 for part in (major, minor)):
        return False
    return (int(major), int(minor)) < LEAST
