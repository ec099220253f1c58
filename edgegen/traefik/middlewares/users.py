"""Where basic-auth and digest-auth take their users from: lines, a file, or a secret."""

from collections.abc import Iterator
from typing import Any, Self

from pydantic import ConfigDict, model_validator

from edgegen.core.json_schema import conditions, one_of
from edgegen.core.location import Path
from edgegen.core.mention import Mention
from edgegen.traefik.middlewares.base import Middleware, Placed
from edgegen.traefik.middlewares.values import Flag, HeaderName, Line


class WithUsers(Middleware):
    """The options that both kinds share, except `users`, whose lines differ."""

    model_config = ConfigDict(json_schema_extra=conditions(one_of("users", "users_secret", "users_file")))

    users: list[str] | None = None
    """Lines of a user file."""
    users_file: Line | None = None
    """Path of a user file inside Traefik's container. Example: `/run/secrets/users`."""
    users_secret: Line | None = None
    """Name of a secret that holds the user file. Example: `office-users`."""
    realm: Line | None = None
    """Realm that the browser shows. Example: `Staff only`."""
    header_field: HeaderName | None = None
    """Header that passes the user name to the service. Example: `X-Auth-User`."""
    remove_header: Flag | None = None
    """Hide the Authorization header from the service."""

    @model_validator(mode="after")
    def _has_users(self) -> Self:
        given = [source for source in (self.users, self.users_file, self.users_secret) if source is not None]
        if len(given) != 1 or self.users == []:
            # Traefik unmounts the router of a middleware without users: a nameless 404.
            raise ValueError("set exactly one of `users`, `users_secret` and `users_file`")
        return self

    @property
    def in_labels(self) -> bool:
        return self.users_secret is None

    def names_used(self) -> Iterator[Mention]:
        if self.users_secret:
            yield Mention("secret", self.users_secret, ("users_secret",))

    def placed(self, folder: str, file: str) -> Placed:
        if self.users_secret:
            return Placed(self._from_file(f"{folder}/{self.users_secret}"), secret=self.users_secret)
        return Placed(self._from_file(f"{folder}/{file}"), tuple(self.users)) if self.users else Placed(self)

    def _from_file(self, path: str) -> Self:
        return self.model_copy(update={"users": None, "users_secret": None, "users_file": path})

    def files_needed(self) -> Iterator[tuple[Path, str]]:
        for key in ("users", "users_file", "users_secret"):
            if getattr(self, key):
                yield (key,), "the users are in a file"

    def options(self) -> dict[str, Any]:
        """Traefik's options. Raises ValueError while the users are in a secret that has no path yet."""
        if self.users_secret is not None:
            raise ValueError(f"the users are in the secret `{self.users_secret}`: mount it and give `users_file`")
        return super().options()
