"""A DOCKER_API_VERSION that Docker Engine 29 refuses.

What it does
    Reports `DOCKER_API_VERSION` below 1.44 in the environment of a Traefik.

Why
    The variable overrides what Traefik and the engine agree on. Docker Engine 29 refuses everything below 1.44, and
    then Traefik shows no route. Versions from 3.6.1 on find the right one by themselves.

Example
    `environment: {DOCKER_API_VERSION: "1.41"}`

Instead
    No such variable.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edits import delete, fix
from edgegen.lint.model import Project, Value
from edgegen.lint.rule import Fix, Found, Rule
from edgegen.traefik.docker_api import is_too_old, negotiates
from edgegen.traefik.version import Version

RULE = Rule("EL061", "docker-api-version", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each Traefik with such a variable."""
    for traefik, service in project.proxies:
        value = service.environment.get("DOCKER_API_VERSION")
        if value is not None and value.known and is_too_old(value.text):
            message = (
                f"`DOCKER_API_VERSION={value.text}` keeps Traefik from talking to Docker Engine 29, "
                "which takes nothing below 1.44"
            )
            hint = "remove the variable: Traefik from 3.6.1 on finds the version by itself"
            yield Found(service.name, message, value.spot, hint, fix=_fix(project.wanted or traefik.version, value))


def _fix(version: Version | None, value: Value) -> Fix | None:
    """Only where Traefik finds the right one by itself."""
    return fix("remove `DOCKER_API_VERSION`", delete(value.spot)) if version and negotiates(version) else None
