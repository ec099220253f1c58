"""Whether this machine has IPv6: containers often have none, not even a loopback."""

from __future__ import annotations

import socket
from functools import cache


@cache
def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def loopbacks() -> tuple[str, ...]:
    """The addresses of this machine, one for each family."""
    return ("127.0.0.1", "::1") if has_ipv6() else ("127.0.0.1",)
