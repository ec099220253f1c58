"""A Traefik that gets no security fixes any more.

What it does
    Reports Traefik 1 and Traefik 2.

Why
    The last fixes for Traefik 1 were made in 2021, and those for 2.11 ended on 2026-02-01. What faces the internet
    should not stay there. Of Traefik 3 only the newest minor version is supported; pinning an older one is not
    reported.

Example
    `image: traefik:v2.10`

Instead
    `image: traefik:v3.7`. Rules of Traefik 2 go on working with `--core.defaultrulesyntax=v2`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL063", "traefik-end-of-life", Severity.MEDIUM)

ENDED = {1: "since 2021", 2: "since 2026-02-01"}
# Source: Traefik's documentation, "Releases".
_HINTS = {
    1: "move to Traefik 3: write its routers, services and middlewares in place of frontends and backends",
    2: "move to Traefik 3: `edgegen lint --upgrade 3.7` shows what changes",
}


def check(project: Project) -> Iterator[Found]:
    """Each Traefik of an old major version."""
    for traefik, service in project.proxies:
        version = traefik.version
        if version is not None and version.major in ENDED:
            message = (
                f"Traefik {version} gets no security fixes: version {version.major} has had none {ENDED[version.major]}"
            )
            yield Found(service.name, message, traefik.spot, _HINTS[version.major])
