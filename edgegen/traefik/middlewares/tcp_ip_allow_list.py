"""`ip-allow-list`, for TCP: allows only connections from these addresses."""

from typing import Annotated, ClassVar, Literal

from edgegen.core.validators import After, Before
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Cidr, one_or_many, some


class TcpIpAllowList(Middleware):
    """Allows only connections from these addresses."""

    is_tcp: ClassVar[bool] = True

    kind: Literal["ip-allow-list"] = "ip-allow-list"
    source_range: Annotated[list[Cidr], Before(one_or_many), After(some)]
    """Addresses and ranges."""
