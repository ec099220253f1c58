"""`kind: redirect`: a name that only points elsewhere."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from edgegen.spec.base import Flag, Host, UrlCheck
from edgegen.spec.service import ServiceBase, refuse_host_beside_hosts


def _no_fragment(value: object) -> object:
    if isinstance(value, str) and "#" in value:
        raise ValueError("a URL to redirect to can't have a fragment: write it without `#…`")
    return value


class Redirect(ServiceBase):
    """A host that is answered by a redirect."""

    kind: Literal["redirect"]
    """The kind of service."""
    host: Host | None = None
    """Public name."""
    hosts: list[Host] = Field(default_factory=list)
    """Several public names, instead of `host`."""
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
        return (*((self.host,) if self.host else self.hosts), *self.aliases)

    @model_validator(mode="after")
    def _has_a_host(self) -> Redirect:
        refuse_host_beside_hosts(self.host, self.hosts)
        if not self.host and not self.hosts:
            raise ValueError("the key `host` is missing, or `hosts`")
        return self
