"""`ip-allow-list`, for TCP: allows only connections from these addresses."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator

from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Cidr, one_or_many, some


class TcpIpAllowList(Middleware):
    """Allows only connections from these addresses."""

    is_tcp: ClassVar[bool] = True

    kind: Literal["ip-allow-list"] = "ip-allow-list"
    source_range: Annotated[list[Cidr], BeforeValidator(one_or_many), AfterValidator(some)]
    """Addresses and ranges."""
