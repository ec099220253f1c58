"""`basic-auth`: asks for a user and a password."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.user_lines import BasicLine as UserLine
from edgegen.traefik.middlewares.values import Flag, HeaderName, Line


class BasicAuth(Middleware):
    """Asks for a user and a password."""

    traefik_name: ClassVar[str] = "basicAuth"

    kind: Literal["basic-auth"] = "basic-auth"
    """The kind of middleware."""
    users: list[UserLine] | None = None
    """Lines of an htpasswd file."""
    users_file: Line | None = None
    """Path of an htpasswd file inside Traefik's container."""
    users_secret: Line | None = None
    """Name of a secret that holds an htpasswd file."""
    realm: Line | None = None
    """What the browser shows."""
    header_field: HeaderName | None = None
    """Header that tells the service the user."""
    remove_header: Flag | None = None
    """Hide the Authorization header from the service."""

    @model_validator(mode="after")
    def _has_users(self) -> BasicAuth:
        given = [source for source in (self.users, self.users_file, self.users_secret) if source is not None]
        if len(given) != 1 or self.users == []:
            # Traefik unmounts the router of a middleware without users: a nameless 404.
            raise ValueError("give the users, by exactly one of `users`, `users_secret` and `users_file`")
        return self
