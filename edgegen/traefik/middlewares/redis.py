"""A Redis server, as rate-limit uses one."""

from typing import Annotated

from edgegen.core.validators import After, Before
from edgegen.traefik.middlewares.base import Options
from edgegen.traefik.middlewares.client_tls import ClientTls
from edgegen.traefik.middlewares.values import DurationText, HostPort, Line, Number, one_or_many, some


class Redis(Options):
    """How to reach a Redis server."""

    endpoints: Annotated[list[HostPort], Before(one_or_many), After(some)]
    """Its servers, like `redis:6379`. Example: `["redis:6379"]`."""
    username: Line | None = None
    """User name. Example: `traefik`."""
    password: Line | None = None
    """Password, in plain text in the rendered file. Prefer a Redis without a password on an internal network.
    Example: `not-a-secret`."""
    db: Number | None = None
    """Database number. Example: `1`."""
    pool_size: Number | None = None
    """Maximum number of connections per processor; 0 leaves it to Traefik. Example: `20`."""
    min_idle_conns: Number | None = None
    """Idle connections to keep. Example: `2`."""
    max_active_conns: Number | None = None
    """Maximum number of connections; 0 for no limit. Example: `100`."""
    read_timeout: DurationText | None = None
    """Time limit for an answer. Example: `1s`."""
    write_timeout: DurationText | None = None
    """Time limit for sending a command. Example: `1s`."""
    dial_timeout: DurationText | None = None
    """Time limit for connecting. Example: `2s`."""
    tls: ClientTls | None = None
    """TLS settings for this connection. Example: `{ca: /run/secrets/ca.pem}`."""
