"""How a run looks at its endpoints: deadlines, detours, trust, credentials. Plain data."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import force_setattr

from edgegen.core.cloudflare import RANGES
from edgegen.core.secret import Credentials
from edgegen.lookup import DNS_PORT, Server
from edgegen.net.answer import Limits

TIMEOUT = 10.0
"""Seconds for one target, in total."""
AT_ONCE = 64
MOST_HOPS = 10
PAGE = Limits(kept=2048)
"""Of a page only the beginning is kept: a run over a thousand hosts must not hold a thousand pages. What checks look
for (Traefik's own 404, a registry's JSON, a page's title) is there."""


class ConnectTo(Struct, frozen=True):
    """`--connect-to H1:P1:H2:P2`, as curl has it: dial H2:P2 where H1:P1 is meant. "" and None mean any.

    Hosts are kept as `bare` gives them, so that a run of many hosts compares them quickly.
    """

    host: str
    port: int | None
    to_host: str
    to_port: int | None

    def __post_init__(self) -> None:
        force_setattr(self, "host", bare(self.host))
        force_setattr(self, "to_host", bare(self.to_host))


def bare(host: str) -> str:
    """A host without a URL's brackets and the final dot, in lower case."""
    return host.strip("[]").rstrip(".").lower()


class PushSettings(Struct, frozen=True):
    """`--push`: the size of the blob in bytes, and for how many seconds a slow upload trickles (0: none)."""

    size: int = 1024 * 1024
    slow: float = 0.0
    timeout: float = 600.0
    """Seconds for the whole round trip, on top of `slow`."""


class Settings(Struct, frozen=True):
    """What holds for all endpoints of a run."""

    timeout: float = TIMEOUT
    resolvers: tuple[Server, ...] = ()
    """Who is asked; () for this machine's own, which are looked for when there is something to ask."""
    authority_port: int = DNS_PORT
    connect_to: tuple[ConnectTo, ...] = ()
    ca_file: str | None = None
    """PEM file with the authorities to trust in addition to the system's own."""
    allow_private: bool = False
    """Connect to addresses that are not public although no spec names them."""
    cloudflare: tuple[str, ...] = RANGES
    """Address ranges of Cloudflare's proxy."""
    at_once: int = AT_ONCE
    strict_tls: bool = False
    """`--profile intermediate`: weak TLS is a failure and not a remark."""
    credentials: Mapping[str, Credentials] = field(default_factory=dict)
    """Registry host (with `:port` where it is not 443) -> its credentials."""
    push: PushSettings | None = None
    no_login: bool = False
    """`--no-login`: registries are asked without a password and with a wrong one, and that is enough."""

    def detour(self, host: str, port: int) -> ConnectTo | None:
        """The first `--connect-to` that matches, as in curl."""
        wanted = ("", bare(host))
        return next((rule for rule in self.connect_to if rule.host in wanted and rule.port in (None, port)), None)
