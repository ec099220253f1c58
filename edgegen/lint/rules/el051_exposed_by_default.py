"""A Traefik that publishes every container.

What it does
    Reports a docker or swarm provider without `exposedByDefault=false` and without constraints.

Why
    Each container with an exposed port gets a router for its own name, databases included, and whoever sends that name
    in a request reaches it.

Example
    `--providers.docker=true`

Instead
    `--providers.docker.exposedbydefault=false`, and `traefik.enable=true` on each service to publish
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import is_on, judged
from edgegen.traefik.go_values import TRUE

RULE = Rule("EL051", "exposed-by-default", Severity.LOW)


def check(project: Project) -> Iterator[Found]:
    """The providers that read labels."""
    for item in judged(project):
        for provider in ("docker", "swarm"):
            group = f"providers.{provider}"
            if not is_on(item.static, group) or not item.whole:
                continue
            exposed = item.static.get(f"{group}.exposedbydefault")
            limited = item.static.get(f"{group}.constraints")
            if (exposed is None or (exposed.known and exposed.text in TRUE)) and (
                limited is None or (limited.known and not limited.text)
            ):
                message = f"`{group}` publishes every {'service' if provider == 'swarm' else 'container'} with a port"
                hint = f"set `{group}.exposedByDefault=false`"
                yield Found(item.subject, message, exposed.spot if exposed else item.spot(group), hint)
