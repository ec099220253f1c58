"""`ip-allow-list`: allows only these addresses."""

from typing import Annotated, Literal

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.validators import WHEN_MET, After, Before
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.source import Strategy
from edgegen.traefik.middlewares.values import Cidr, StatusCode, one_or_many, some


class IpAllowList(Middleware):
    """Allows only these addresses."""

    kind: Literal["ip-allow-list"] = "ip-allow-list"
    source_range: Annotated[list[Cidr], Before(one_or_many), AlsoAccepts("string"), After(some)]
    """Addresses and ranges. Example: `[198.51.100.0/24]`."""
    ip_strategy: Annotated[Strategy, WHEN_MET] | None = None
    """How to find the client's address. Example: `{depth: 1}`."""
    reject_status_code: StatusCode | None = None
    """Status code for other addresses. Example: `404`."""
