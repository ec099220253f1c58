"""A pinned version of the Docker API.

What it does
    Reports `DOCKER_API_VERSION` in Traefik's environment, if it is older than what Docker Engine 29 takes (1.44).
    With `--fix` it is removed.

Why
    From 3.6.1 on Traefik and the engine agree on a version by themselves. The variable overrides that: on Docker 29
    no Traefik shows a route with an older version.

Example
    `DOCKER_API_VERSION: "1.39"`

Instead
    Nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edits import fix
from edgegen.lint.rule import Found, Rule
from edgegen.lint.upgrade.options import entry
from edgegen.lint.upgrade.way import Way
from edgegen.traefik.docker_api import is_too_old, negotiates

RULE = Rule("EL208", "docker-api-version", Severity.HIGH)
NAME = "DOCKER_API_VERSION"


def check(way: Way) -> Iterator[Found]:
    """Each Traefik's environment."""
    for _, service in way.project.proxies if negotiates(way.new) else ():
        value = service.environment.get(NAME)
        if value is not None and value.known and is_too_old(value.text):
            message = f"with `{NAME}={value.text}` Traefik shows no route on Docker Engine 29"
            yield Found(service.name, message, value.spot, "Traefik agrees with the engine by itself",
                        fix=fix("remove the variable", entry(value.spot)))  # fmt: skip
