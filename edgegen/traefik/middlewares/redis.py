"""A Redis server, as rate-limit uses one."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from edgegen.traefik.middlewares.base import Options
from edgegen.traefik.middlewares.client_tls import ClientTls
from edgegen.traefik.middlewares.values import DurationText, HostPort, Line, Number, one_or_many, some


class Redis(Options):
    """Where and how a Redis server is asked."""

    endpoints: Annotated[list[HostPort], BeforeValidator(one_or_many), AfterValidator(some)]
    """Its servers: `redis:6379`."""
    username: Line | None = None
    """User."""
    password: Line | None = None
    """Password, in plain text in the rendered file. Prefer a Redis without a password on an internal network."""
    db: Number | None = None
    """Number of the database."""
    pool_size: Number | None = None
    """Connections at most for each processor; 0 leaves it to Traefik."""
    min_idle_conns: Number | None = None
    """Idle connections that are kept."""
    max_active_conns: Number | None = None
    """Connections at most; 0 for any number."""
    read_timeout: DurationText | None = None
    """Time for an answer."""
    write_timeout: DurationText | None = None
    """Time to send a question."""
    dial_timeout: DurationText | None = None
    """Time to connect."""
    tls: ClientTls | None = None
    """TLS towards it."""
