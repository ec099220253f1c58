"""`kind: redirect`: a name that only points elsewhere."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from edgegen.spec.base import Flag, Host, UrlCheck
from edgegen.spec.service import ServiceBase


def _no_fragment(value: object) -> object:
    if isinstance(value, str) and "#" in value:
        raise ValueError("a URL to redirect to can't have a fragment: write it without `#…`")
    return value


class Redirect(ServiceBase):
    """A host that is answered by a redirect."""

    kind: Literal["redirect"]
    """The kind of service."""
    host: Host
    """Public name."""
    aliases: list[Host] = Field(default_factory=list)
    """Further names that are redirected in the same way."""
    to: Annotated[
        str, Field(pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?(\?[^\s#]*)?$"), BeforeValidator(_no_fragment), UrlCheck
    ]
    """Where to: a URL. Its query is kept, and that of the request comes after it."""
    permanent: Flag = True
    """301/308 instead of 302/307."""
    keep_path: Flag = True
    """Whether the path and the query follow."""

    @property
    def own_hosts(self) -> tuple[str, ...]:
        return (self.host, *self.aliases)
