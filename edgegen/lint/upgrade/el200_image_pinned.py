"""The tag of Traefik's image.

What it does
    Reports the tag that pins the old Traefik. With `--fix` it becomes the wanted version, written as the old one was
    (`v3.6` -> `v3.7`) and never less exact: with `--upgrade 3.7`, `v3.6.2` becomes the newest 3.7 that edgegen knows.
    A tag with a variable or a digest is left alone, and so is Traefik 1, of which nothing fits a later version.

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
from edgegen.traefik.version import NEWEST, NEWEST_KNOWN, Version, version_of

RULE = Rule("EL200", "image-pinned", Severity.MEDIUM)


def check(way: Way) -> Iterator[Found]:
    """Each Traefik of the project."""
    for _, service in way.project.proxies:
        image = service.image
        version = version_of(image.text) if image else None
        if image is None or version is None:
            continue
        goal = _as_exact(version, way.new)
        if version >= goal:
            continue
        first = first_that_negotiates(version)
        lost = "" if negotiates(version) else f"; before {first} it shows no route on Docker Engine 29"
        message = f"the image pins Traefik {version}{lost}"
        yield Found(
            service.name,
            message,
            image.spot,
            _hint(version, goal),
            fix=fix(f"pin Traefik {goal}", _retagged(image, version, goal)) if version.major > 1 else None,
        )


def _as_exact(old: Version, goal: Version) -> Version:
    """The goal with as many parts as the old tag has, as far as the newest of it is known."""
    known = NEWEST_KNOWN
    if goal.minor == NEWEST and old.minor != NEWEST and goal.major == known.major:
        goal = Version(known.major, known.minor)
    if goal.patch == NEWEST and old.patch != NEWEST and goal.line == known.line:
        goal = known
    return goal


def _is_vaguer(goal: Version, old: Version) -> bool:
    return any(new == NEWEST != was for new, was in ((goal.minor, old.minor), (goal.patch, old.patch)))


def _hint(old: Version, goal: Version) -> str:
    if old.major < 2:
        return "Traefik 1 has other labels and options: rewrite them by hand, and change the tag with them"
    if not _is_vaguer(goal, old):
        return ""
    return f"the tag has a patch: name one, like `--upgrade {goal}.1`, and it is changed too"


def _retagged(image: Value, old: Version, goal: Version) -> Edit | None:
    tag = image.raw.partition("@")[0].rpartition("/")[2].partition(":")[2]
    if "$" in image.raw or "@" in image.raw or not tag or _is_vaguer(goal, old):
        return None
    found = re.match(r"(v?)\d+(?:\.\d+)*", tag)
    return replace_within(image.spot, tag, f"{found[1]}{goal}{tag[found.end() :]}") if found else None
