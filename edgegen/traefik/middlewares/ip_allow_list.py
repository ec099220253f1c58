"""`ip-allow-list`: lets only these addresses pass."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.source import Strategy
from edgegen.traefik.middlewares.values import Cidr, StatusCode, one_or_many, some


class IpAllowList(Middleware):
    """Lets only these addresses pass."""

    kind: Literal["ip-allow-list"] = "ip-allow-list"
    source_range: Annotated[list[Cidr], BeforeValidator(one_or_many), AlsoAccepts("string"), AfterValidator(some)]
    """Addresses and ranges."""
    ip_strategy: Strategy | None = None
    """How the client's address is found."""
    reject_status_code: StatusCode | None = None
    """What the others get."""
