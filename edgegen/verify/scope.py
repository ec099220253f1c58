"""Which addresses may be connected to. Pure."""

from __future__ import annotations

from edgegen.endpoints import Endpoint
from edgegen.system.internet import is_public, spelled


def may_connect(endpoint: Endpoint, address: str, allow_private: bool, detour: str) -> bool:
    """Whether a look may connect: to what is public, what the spec names, and what the user named.

    `detour` is the address that `--connect-to` names for this host, or "".
    """
    if allow_private or is_public(address):
        return True
    named = (*(endpoint.ipv4 or ()), *(endpoint.ipv6 or ()), *((detour,) if detour else ()))
    return spelled(address) in {spelled(one) for one in named}
