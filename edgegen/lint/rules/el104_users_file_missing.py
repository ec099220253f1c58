"""A file of users that is not in the container of Traefik.

What it does
    Reports a `usersfile` of `basicauth` or `digestauth` at a path where nothing is mounted into the Traefik of these
    files. An image that is built here may have the file itself, and is passed.

Why
    Traefik reads the file, not the application: `open /run/secrets/users: no such file or directory`, and every router
    that uses the middleware is disabled.

Example
    `traefik.http.middlewares.auth.basicauth.usersfile=/run/secrets/users`, with the secret at the application

Instead
    `secrets: [users]` at Traefik
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.uses import is_used
from edgegen.lint.views.image import holds_only_mounts
from edgegen.lint.views.paths import place_of

RULE = Rule("EL104", "users-file-missing", Severity.HIGH)
_OPTIONS = ("basicauth.usersfile", "digestauth.usersfile")


def check(project: Project) -> Iterator[Found]:
    """Middlewares with such a file."""
    edge = edge_of(project)
    traefik = edge.traefik.service if edge.traefik else None
    if traefik is None or not holds_only_mounts(traefik) or "working_dir" in traefik.data:
        return
    for item in edge.of("middlewares", "http"):
        for option in _OPTIONS:
            path = item.text(option)
            if path and place_of(project, traefik, path if path.startswith("/") else f"/{path}") is None:
                name = shown(item.name)
                message = (
                    f"nothing is mounted at `{shown(path)}` into `{traefik.name}`, which reads it: Traefik disables "
                    f"every router that uses `{name}`"
                )
                severity = None if is_used(edge, item) else Severity.MEDIUM
                yield Found(item.owner, message, item.place(option), f"mount it into `{traefik.name}`", severity)
