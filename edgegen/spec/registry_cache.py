"""`kind: registry-cache`: a pull-through cache of an image registry."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from edgegen.core.mention import Mention
from edgegen.spec.base import DurationText, Host, SecretUse, UrlCheck, whole_host
from edgegen.spec.registry import RegistryBase, secrets_named


class RegistryCache(RegistryBase):
    """A pull-through cache of one upstream registry."""

    kind: Literal["registry-cache"]
    host: Host
    """Public name. Example: `mirror.commenthouse.com`."""
    upstream: Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+/?$"), UrlCheck]
    """The registry that is cached. Example: `https://registry-1.docker.io`."""
    username: SecretUse | None = None
    """Upstream user, as a secret. Example: `{secret: hub-user}`."""
    password: SecretUse | None = None
    """Upstream password, as a secret. Example: `{secret: hub-token}`."""
    cache_for: DurationText | None = None
    """How long to keep blobs. Default: 168h. Example: `168h`."""

    leads_by: ClassVar[tuple[str, str]] = ("cache", "upstream")

    @property
    def leads_to(self) -> str:
        return whole_host(self.upstream)

    def names_used(self) -> Iterator[Mention]:
        yield from super().names_used()
        yield from secrets_named((), username=self.username, password=self.password)
