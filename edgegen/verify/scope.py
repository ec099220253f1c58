"""Which addresses are of the internet, and which may be connected to. Pure."""

from __future__ import annotations

from edgegen.endpoints import Endpoint


def is_public(address: str) -> bool:
    """Whether an address belongs to the internet at large; one within IPv6 (mapped, NAT64, 6to4) counts as itself."""
    raise NotImplementedError


def may_connect(endpoint: Endpoint, address: str, allow_private: bool, detour: str) -> bool:
    """Whether a probe may connect: to what is public, what the spec names, and what the user said.

    `detour` is the address that `--connect-to` names for this host, or "".
    """
    raise NotImplementedError
