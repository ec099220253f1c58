"""The tag of Traefik's image.

What it does
    Reports the tag that pins the old Traefik. With `--fix` it becomes the wanted version, written as the old one was
    (`v3.6` -> `v3.7`) and never less exact: with `--upgrade 3.7`, `v3.6.2` becomes the newest 3.7 that edgegen knows.
    Of a variable it changes the default, or the value in `.env` where only this image uses it. A digest is left alone,
    and so is Traefik 1, of which nothing fits a later version. Then `--fix` changes nothing else, either: the old
    Traefik would read it, and lose routes.

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
from contextlib import suppress

from edgegen.core.finding import Severity
from edgegen.lint.edits import fix, replace_within
from edgegen.lint.model import Project, Value
from edgegen.lint.rule import Edit, Found, Rule
from edgegen.lint.upgrade.way import Way
from edgegen.spec.variables import VariableError, evaluate, variables
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
        edit = _retagged(way.project, image, version, goal) if version.major > 1 else None
        correction = fix(f"pin Traefik {goal}", edit)
        yield Found(
            service.name,
            message,
            image.spot,
            _hint(version, goal) or ("" if correction else _stays(version)),
            fix=correction,
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


def _stays(old: Version) -> str:
    return f"`--fix` can't change this tag, and so changes nothing: write a plain one, like `traefik:v{old}`, first"


def _retagged(project: Project, image: Value, old: Version, goal: Version) -> Edit | None:
    tag = image.text.partition("@")[0].rpartition("/")[2].partition(":")[2]
    found = re.match(r"(v?)\d+(?:\.\d+)*", tag)
    if "@" in image.raw or not found or _is_vaguer(goal, old):
        return None
    if "$" not in image.raw:
        return replace_within(image.spot, tag, f"{found[1]}{goal}{tag[found.end() :]}")
    with suppress(VariableError):  # of a form that Compose refuses
        if evaluate(image.raw, {}).text == image.text:
            return replace_within(image.spot, found[0], f"{found[1]}{goal}")
        return _in_env(project, image, found[0].removeprefix("v"), str(goal))
    return None


def _in_env(project: Project, image: Value, old: str, new: str) -> Edit | None:
    """The version in the one line of `.env` that gives it, where nothing else uses the variable."""
    names = {variable.name for variable in variables(image.raw)}
    if len(names) != 1 or len(project.env) != 1:
        return None
    (name,), (file,) = names, project.env
    uses = re.compile(rf"\$\{{?{name}\b")
    lines = list(re.finditer(rf"(?m)^[ \t]*(?:export[ \t]+)?{name}[ \t]*=(.*)$", file.text))
    said = list(re.finditer(rf"(?<![\d.]){re.escape(old)}(?![\d.])", lines[0][1])) if len(lines) == 1 else []
    if len(said) != 1 or sum(len(uses.findall(item.text)) for item in (*project.files, file)) != 1:
        return None
    start = lines[0].start(1) + said[0].start()
    return Edit(file, start, start + len(old), new)
