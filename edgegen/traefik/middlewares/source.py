"""What counts as one client: shared by several kinds."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from edgegen.core.validators import Before
from edgegen.traefik.middlewares.base import Options
from edgegen.traefik.middlewares.values import Cidr, Flag, HeaderName, Number, whole

PrefixLength = Annotated[int, Before(whole), Field(ge=1, le=128, examples=[64])]


class Strategy(Options):
    """How to find the client's address."""

    depth: Number | None = None
    """Which entry of X-Forwarded-For to use, counted from the end. Example: `1`."""
    excluded_ips: list[Cidr] | None = Field(default=None, serialization_alias="excludedIPs")
    """Entries of X-Forwarded-For to skip. Example: `[203.0.113.0/24]`."""
    ipv6_subnet: PrefixLength | None = Field(default=None, serialization_alias="ipv6Subnet")
    """How many leading bits of an IPv6 address identify a client. Example: `64`."""


class SourceCriterion(Options):
    """What counts as one client."""

    ip_strategy: Strategy | None = None
    """By its address. Example: `{depth: 1}`."""
    request_header_name: HeaderName | None = None
    """By a header. Example: `X-Api-Key`."""
    request_host: Flag | None = None
    """By the requested host."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(part is not None for part in (self.ip_strategy, self.request_header_name, self.request_host)) > 1:
            raise ValueError("a source has one of `ip_strategy`, `request_header_name` and `request_host`")
        return self
