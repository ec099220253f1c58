"""A static option of another version of Traefik.

What it does
    Reports options that this version no longer knows (`swarmMode`, Pilot, `experimental.http3`, tracing with Jaeger and
    others) or does not know yet.

Why
    Traefik does not start. Many guides are for Traefik 2.

Example
    `--providers.docker.swarmmode=true` with `traefik:v3.6`

Instead
    `--providers.swarm=true`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.static_words import static_words

RULE = Rule("EL041", "static-option-of-another-version", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each option that only another version knows."""
    for item, fault in static_words(project):
        if fault.gone:
            effect = "Traefik does not start" if fault.stops else "Traefik silently ignores it"
            yield Found(item.subject, f"`{fault.written}`: {fault.why}. {effect}", fault.spot, fault.hint)
