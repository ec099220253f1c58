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
from edgegen.lint.corrections import relabelled, set_to, unquoted
from edgegen.lint.edge import edge_of
from edgegen.lint.label_faults import label_faults
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL001", "label-dropped", Severity.HIGH)
_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""What YAML 1.1 takes for booleans, and Traefik does not."""


def check(project: Project) -> Iterator[Found]:
    """Each label that drops its container. Where nobody looks at the container it matters little."""
    edge = edge_of(project)
    for service, label, value, fault in label_faults(project):
        if fault.drops_container:
            hint = f"did you mean `{fault.meant}`?" if fault.meant else ""
            message = f"`{label}`: {fault.why}, and Traefik {fault.effect.value}"
            severity = Severity.LOW if edge.shown(service) is False and label.lower() != "traefik.enable" else None
            correction = relabelled(service, label, value, fault.meant)
            if not hint:
                hint, correction = unquoted(label, value)
            if not hint and (meant := _BOOLEANS.get(value.text.strip().lower())) and "`true` or `false`" in fault.why:
                hint, correction = f"write `{meant}`", set_to(label, value, meant)
            yield Found(service.name, message, value.spot.of_key, hint, severity, fix=correction)
