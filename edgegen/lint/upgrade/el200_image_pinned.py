"""The tag of Traefik's image.

What it does
    Reports the tag that pins the old Traefik. With `--fix` it becomes the wanted version, written as the old one was
    (`v3.6` -> `v3.7`). A tag with a variable or a digest is left alone.

Why
    A Traefik before 3.6.1, and a Traefik 2 before 2.11.31, shows no route on Docker Engine 29.

Example
    `image: traefik:v2.11`

Instead
    `image: traefik:v3.7`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edits import fix, replace_within
from edgegen.lint.model import Value
from edgegen.lint.rule import Edit, Found, Rule
from edgegen.lint.upgrade.way import Way
from edgegen.traefik.docker_api import first_that_negotiates, negotiates
from edgegen.traefik.version import NEWEST, Version, version_of

RULE = Rule("EL200", "image-pinned", Severity.MEDIUM)


def check(way: Way) -> Iterator[Found]:
    """Each Traefik of the project."""
    for traefik in way.traefiks:
        image = traefik.service.image if traefik.service else None
        version = version_of(image.text) if image else None
        if traefik.service is None or image is None or version is None or version >= way.new:
            continue
        first = first_that_negotiates(version)
        lost = "" if negotiates(version) else f"; before {first} it shows no route on Docker Engine 29"
        message = f"the image pins Traefik {version}{lost}"
        yield Found(
            traefik.service.name, message, image.spot, fix=fix(f"pin Traefik {way.new}", _retagged(image, way.new))
        )


def _retagged(image: Value, new: Version) -> Edit | None:
    tag = image.raw.partition("@")[0].rpartition("/")[2].partition(":")[2]
    if "$" in image.raw or "@" in image.raw or not tag:
        return None
    wanted = f"{new.major}" if new.minor == NEWEST else str(new)
    found = re.match(r"(v?)\d+(?:\.\d+)*", tag)
    return replace_within(image.spot, tag, f"{found[1]}{wanted}{tag[found.end() :]}") if found else None
