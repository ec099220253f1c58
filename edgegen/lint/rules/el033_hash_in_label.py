"""A password hash in a label.

What it does
    Reports `basicauth.users` and `digestauth.users` in labels.

Why
    Labels are readable for everyone who can ask the Docker API: every container with the socket, and every tool that
    lists containers. Hashes of short passwords are broken in minutes.

Example
    `traefik.http.middlewares.auth.basicauth.users=admin:$$2y$$05$$…`

Instead
    `traefik.http.middlewares.auth.basicauth.usersfile=/run/secrets/users`, with the file as a secret of the Traefik
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL033", "hash-in-label", Severity.INFO)
_OPTIONS = ("basicauth.users", "digestauth.users")


def check(project: Project) -> Iterator[Found]:
    """Middlewares with users in labels."""
    for middleware in edge_of(project).of("middlewares", "http"):
        for option in _OPTIONS:
            if middleware.item is not None and ":" in middleware.item.get(option):
                name = shown(middleware.name)
                message = (
                    f"the passwords of `{name}` are in a label, which anyone with access to the engine's API can read"
                )
                kind = option.partition(".")[0]
                hint = f"use `{kind}.usersfile`, and give Traefik the file as a secret"
                yield Found(middleware.owner, message, middleware.place(option).of_key, hint)
