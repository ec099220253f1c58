"""A label that makes Traefik drop the whole container.

What it does
    Reads every `traefik.…` label as Traefik of the project's version reads it, and reports the ones for which it
    drops the container or the service with all its routers.

Why
    Traefik writes one line into its log (`field not found, node: certresolvers`), and every route of the container
    answers 404. `docker compose config` accepts such a file.

Example
    `traefik.http.routers.web.tls.certresolvers=letsencrypt`

Instead
    `traefik.http.routers.web.tls.certresolver=letsencrypt`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Mode, Project
from edgegen.lint.rule import Found, Rule
from edgegen.traefik.label_words import faults

RULE = Rule("EL001", "label-dropped", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each label that drops its container."""
    provider = "swarm" if project.mode is Mode.SWARM else "docker"
    for service, labels in project.labelled():
        for fault in faults(project.texts(labels), provider):
            if fault.drops_container:
                hint = f"did you mean `{fault.meant}`?" if fault.meant else ""
                message = f"`{fault.label}`: {fault.why}, and Traefik {fault.effect.value}"
                yield Found(service.name, message, labels[fault.label].spot.of_key, hint)
