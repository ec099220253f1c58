"""A static option that Traefik does not know, or a value that it can't read.

What it does
    Reads every flag, `TRAEFIK_…` variable and key of Traefik's configuration file as Traefik of the image's version
    reads it: words, booleans, durations, numbers.

Why
    Traefik writes one line (`field not found, node: adress`) and exits. The container restarts forever, and no route of
    the whole edge works.

Example
    `--entrypoints.web.adress=:80`, or `--providers.docker.exposedbydefault=no`

Instead
    `--entrypoints.web.address=:80`, `--providers.docker.exposedbydefault=false`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.static_words import static_words

RULE = Rule("EL040", "static-option-unknown", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each option for which Traefik does not start; those of other versions are EL041's."""
    for item, fault in static_words(project):
        if fault.stops and not fault.gone and fault.known:
            message = f"`{fault.written}`: {fault.why}, and Traefik does not start"
            yield Found(item.subject, message, fault.spot, fault.hint)
