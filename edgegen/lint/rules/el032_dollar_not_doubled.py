"""A hash whose dollar signs Compose takes for variables.

What it does
    Finds password hashes (`$apr1$…`, `$2y$…`) in labels whose `$` is not written `$$`.

Why
    Compose puts a variable's value, mostly nothing, where `$apr1` was. Traefik gets what is left, and nobody can log
    in.

Example
    `traefik.http.middlewares.auth.basicauth.users=admin:$apr1$ruca84Hq$mbjdMZBAG.KWn7vfN/SNK/`

Instead
    `…users=admin:$$apr1$$ruca84Hq$$mbjdMZBAG.KWn7vfN/SNK/`, or better a file: `basicauth.usersfile`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project, Value
from edgegen.lint.rule import Edit, Fix, Found, Rule

RULE = Rule("EL032", "dollar-not-doubled", Severity.HIGH)
_HASH = late_pattern(r"(?<!\$)\$(?:apr1|2[abxy]|1|5|6)\$(?!\$)[^,\s'\"]*")


def check(project: Project) -> Iterator[Found]:
    """Labels with hashes."""
    for service, labels in edge_of(project).labelled:
        for label, value in labels.items():
            if "$" in value.raw and _HASH.search(value.raw):
                message = (
                    f"Compose takes the `$` in the hash of `{label}` for variables, and Traefik gets a broken hash"
                )
                hint = "write each `$` of the hash as `$$`"
                yield Found(service.name, message, value.spot, hint, fix=_fix(value))


def _fix(value: Value) -> Fix | None:
    """The hash with its dollar signs doubled, where the file has it as it is."""
    edits = []
    file = value.spot.file
    start = file.places.index(value.spot.path)
    for found in _HASH.finditer(value.raw):
        at = file.text.find(found[0], start, start + len(value.raw) + 200)
        if at < 0:
            return None
        edits.append(Edit(file, at, at + len(found[0]), found[0].replace("$", "$$")))
    return Fix("double the dollar signs of the hash", tuple(edits))
