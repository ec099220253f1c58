"""Labels of one provider for the other.

What it does
    On a swarm with Traefik 3: reports `traefik.docker.…` labels, and services that have both `traefik.docker.…` and
    `traefik.swarm.…`.

Why
    Traefik 3 has a separate provider for swarms. It still reads `traefik.docker.network`, with a warning; a service
    with labels for both is dropped.

Example
    `traefik.docker.network=proxy` under `deploy.labels`

Instead
    `traefik.swarm.network=proxy`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edge import edge_of
from edgegen.lint.edits import fix, rename_label
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.traefik.grammar import provider_type

RULE = Rule("EL017", "provider-mixed", Severity.LOW)


def check(project: Project) -> Iterator[Found]:
    """Services of a swarm with labels for containers."""
    edge = edge_of(project)
    if edge.provider != "swarm" or provider_type(project.version).word("swarm") is None:
        return
    for service, labels in edge.labelled:
        docker = [key for key in labels if key.lower().startswith("traefik.docker.")]
        swarm = [key for key in labels if key.lower().startswith("traefik.swarm.")]
        if not docker:
            continue
        spot = labels[docker[0]].spot.of_key
        right = "traefik.swarm." + docker[0].split(".", 2)[2]
        if swarm:
            message = f"`{service.name}` has `{docker[0]}` and `{swarm[0]}`, and Traefik drops a service with both"
            yield Found(service.name, message, spot, f"keep only `{right}`", Severity.HIGH)
        else:
            message = f"`{docker[0]}` is for containers: on a swarm Traefik 3 reads it with a warning"
            correction = fix(f"write `{right}`", rename_label(labels[docker[0]], docker[0], right))
            # An older one, if it is not in these files, knows only the label that is there.
            correction = correction if project.version else None
            yield Found(service.name, message, spot, f"write `{right}`", fix=correction)
