"""A static option that Traefik does not know, or a value that it can't read.

What it does
    Reads every flag, `TRAEFIK_…` variable and key of Traefik's configuration file as Traefik of the image's version
    reads it: words, booleans, durations, numbers. Options of Traefik 1 are one finding.

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
from edgegen.lint.static_words import StaticFault, static_words
from edgegen.traefik.static_of_version_1 import instead

RULE = Rule("EL040", "static-option-unknown", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each option for which Traefik does not start; those of other versions are EL041's."""
    of_version_1: dict[str, list[StaticFault]] = {}
    for item, fault in static_words(project):
        if not (fault.stops and not fault.gone and fault.known):
            continue
        if fault.old:
            of_version_1.setdefault(item.subject, []).append(fault)
        else:
            message = f"`{fault.written}`: {fault.why}, and Traefik does not start"
            yield Found(item.subject, message, fault.spot, fault.hint)
    for subject, faults in of_version_1.items():
        yield _of_version_1(subject, faults)


def _of_version_1(subject: str, faults: list[StaticFault]) -> Found:
    """All of them are one finding: they are from the same guide."""
    names = list(dict.fromkeys(fault.written for fault in faults))
    others = len(names) - 1
    message = f"`{names[0]}` is an option of Traefik 1, and Traefik does not start"
    if others:
        message = (
            f"`{names[0]}` and {others} other option{'s' * (others > 1)} are for Traefik 1, and Traefik does not start"
        )
    return Found(subject, message, faults[0].spot, instead(fault.old for fault in faults if fault.old))
