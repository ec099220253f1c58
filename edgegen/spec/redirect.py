"""`kind: redirect`: a name that only points elsewhere."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from msgspec.structs import replace
from pydantic import ConfigDict, Field, model_validator

from edgegen.core.json_schema import conditions, one_of
from edgegen.core.validators import Before, no_items
from edgegen.endpoints import Endpoint, Goal, Kind
from edgegen.spec.base import Flag, Host, UrlCheck, whole_host
from edgegen.spec.service import IN_A_FILE, NamedService


def _no_fragment(value: object) -> object:
    if isinstance(value, str) and "#" in value:
        raise ValueError("a URL to redirect to can't have a fragment: write it without `#…`")
    return value


class Redirect(NamedService):
    """A host that is answered by a redirect."""

    model_config = ConfigDict(json_schema_extra=conditions(one_of("host", "hosts")))

    has_server: ClassVar[bool] = False
    without_container: ClassVar[str] = "Traefik itself redirects, there is no container"
    needs_own_edge: ClassVar[str] = IN_A_FILE

    kind: Literal["redirect"]
    host: Host | None = None
    """Public name. Example: `old.commenthouse.com`."""
    hosts: list[Host] = Field(default_factory=no_items)
    """Several public names, instead of `host`. Example: `[old.commenthouse.com, commenthouse.net]`."""
    aliases: list[Host] = Field(default_factory=no_items)
    """More names that are redirected in the same way. Example: `[older.commenthouse.com]`."""
    to: Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?(\?[^\s#]*)?$"), Before(_no_fragment), UrlCheck]
    """Target URL. Its query is kept, and the request's query is appended. Example: `https://www.commenthouse.com`."""
    permanent: Flag = True
    """301/308 instead of 302/307."""
    keep_path: Flag = True
    """Whether to keep the path and the query of the request."""

    @property
    def own_hosts(self) -> tuple[str, ...]:
        return (*super().own_hosts, *self.aliases)

    def answers(self, plain: Endpoint, host: str, key: str) -> Iterator[Endpoint]:  # noqa: ARG002  # shared signature
        yield replace(plain, kind=Kind.REDIRECT, goal=Goal(self.to, self.keep_path, self.permanent))

    @property
    def leads_to(self) -> str:
        return whole_host(self.to)

    @model_validator(mode="after")
    def _has_a_host(self) -> Self:
        if not self.host and not self.hosts:
            raise ValueError("the key `host` is missing, or `hosts`")
        return self
