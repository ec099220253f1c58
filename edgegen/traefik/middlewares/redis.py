"""A Redis server, as rate-limit uses one."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from edgegen.traefik.middlewares.base import Options
from edgegen.traefik.middlewares.client_tls import ClientTls
from edgegen.traefik.middlewares.values import DurationText, HostPort, Line, Number, one_or_many, some


class Redis(Options):
    """How to reach a Redis server."""

    endpoints: Annotated[list[HostPort], BeforeValidator(one_or_many), AfterValidator(some)]
    """Its servers, like `redis:6379`."""
    username: Line | None = None
    """User name."""
    password: Line | None = None
    """Password, in plain text in the rendered file. Prefer a Redis without a password on an internal network."""
    db: Number | None = None
    """Database number."""
    pool_size: Number | None = None
    """Maximum number of connections per processor; 0 leaves it to Traefik."""
    min_idle_conns: Number | None = None
    """Idle connections to keep."""
    max_active_conns: Number | None = None
    """Maximum number of connections; 0 for no limit."""
    read_timeout: DurationText | None = None
    """Time limit for an answer."""
    write_timeout: DurationText | None = None
    """Time limit for sending a command."""
    dial_timeout: DurationText | None = None
    """Time limit for connecting."""
    tls: ClientTls | None = None
    """TLS settings for this connection."""
