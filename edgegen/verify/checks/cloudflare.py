"""Whether addresses are those of Cloudflare's proxy. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache


def is_cloudflares(address: str, ranges: tuple[str, ...]) -> bool:
    """Whether an address lies in one of Cloudflare's ranges; what is no address does not."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in block for block in _networks(ranges))


def all_cloudflares(addresses: Iterable[str], ranges: tuple[str, ...]) -> bool:
    """Whether there is an address, and none that is somebody else's."""
    found = list(addresses)
    return bool(found) and all(is_cloudflares(address, ranges) for address in found)


@lru_cache(maxsize=8)
def _networks(ranges: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(block) for block in ranges)
