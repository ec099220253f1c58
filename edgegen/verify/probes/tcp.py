"""One TCP connection to one address, within a total deadline; and the detours of `--connect-to`."""

from __future__ import annotations

import socket

from edgegen.lookup import Deadline
from edgegen.verify.observation import Failure
from edgegen.verify.settings import Settings


def dial(address: str, port: int, deadline: Deadline) -> socket.socket | Failure:
    """A connected socket, or why there is none. `address` is an IP address: nothing is looked up. Never raises."""
    raise NotImplementedError


def target(settings: Settings, host: str, port: int, address: str) -> tuple[str, int]:
    """Where to dial for `host:port` whose DNS says `address`: the first `--connect-to` that matches wins, as in curl.

    A name in `--connect-to` is resolved here, by this machine's own resolver.
    """
    raise NotImplementedError
