"""`kind: redirect`: a name that only points elsewhere."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from edgegen.spec.base import Flag, Host, UrlCheck
from edgegen.spec.service import ServiceBase


class Redirect(ServiceBase):
    """A host that is answered by a redirect."""

    kind: Literal["redirect"]
    """The kind of service."""
    host: Host
    """Public name."""
    aliases: list[Host] = Field(default_factory=list)
    """Further names that are redirected in the same way."""
    to: Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$"), UrlCheck]
    """Where to: a URL."""
    permanent: Flag = True
    """301/308 instead of 302/307."""
    keep_path: Flag = True
    """Whether the path and the query follow."""

    @property
    def own_hosts(self) -> tuple[str, ...]:
        return (self.host, *self.aliases)
