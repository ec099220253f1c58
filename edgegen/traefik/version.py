"""Which Traefik an image holds, as far as its name says.

A tag may leave parts out: `v3.6` is the newest patch of 3.6, `3` the newest 3. Where the tag is not a version, or the
image is not called Traefik, it counts as current.
"""

from __future__ import annotations

import re

from msgspec import Struct

from edgegen.core.pattern import late_pattern

_TAG = late_pattern(r"v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?=$|[-_+])")
_NAME = late_pattern(r"(?:^|[-_.])traefik(?:$|[-_.])", re.IGNORECASE)
_HUB = ("", "library", "docker.io", "docker.io/library")
_LAST_OF_1 = (1, 7)
NEWEST = 10**6
"""A part of a version that the tag leaves out: the newest there is."""


class Version(Struct, frozen=True, order=True):
    """A version of Traefik. `NEWEST` where a tag leaves a part out."""

    major: int
    minor: int = NEWEST
    patch: int = NEWEST

    @property
    def line(self) -> tuple[int, int]:
        """Major and minor: fixes and options come to each line by itself."""
        return self.major, self.minor

    def __str__(self) -> str:
        return ".".join(str(part) for part in (self.major, self.minor, self.patch) if part != NEWEST)


NEWEST_KNOWN = Version(3, 7, 15)
"""The newest whose words `grammar` has."""


def version_of(image: str) -> Version | None:
    """The version that an image's tag names; None where it names none, or the image is not a Traefik.

    A bare digest says nothing, and `mytraefik:1.2` may be numbered in its own way; so may `ghcr.io/acme/traefik:1`:
    of Traefik 1, mirrors have the last, 1.7. Mirrors give the image a longer name
    (`rancher/mirrored-library-traefik:3.6.2`), and a registry may have a port.
    """
    folder, _, last = image.partition("@")[0].rpartition("/")
    name, _, tag = last.partition(":")
    found = _TAG.match(tag)
    if found is None or not _NAME.search(name):
        return None
    version = Version(*(int(part) if part is not None else NEWEST for part in found.groups()))
    is_own = version.major < 2 and version.line != _LAST_OF_1 and folder not in _HUB
    return None if is_own else version


def is_called_traefik(image: str) -> bool:
    """Whether the image's own name is exactly that, in whatever registry it is."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0] == "traefik"


def is_at_least(version: Version | None, *firsts: Version) -> bool:
    """Whether this version has what came with `firsts`: one version, or one for each line that it came to.

    What came with 3.6.19 and 3.7.3 is in 3.6.20 and in 3.8.0, but not in 3.7.0. An unknown version counts as current.
    """
    if version is None:
        return True
    earlier = [first for first in firsts if first.line <= version.line]
    return bool(earlier) and version >= max(earlier)
