"""Facts about Cloudflare that several rooms need."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

# Source: the lists that Cloudflare publishes as ips-v4 and ips-v6, unchanged up to 2026-02-11.
RIGHTS_PAGE = "https://dash.cloudflare.com/profile/api-tokens"
"""Where a token is made and changed."""
NEEDED_RIGHTS = "Zone / Zone / Read and Zone / DNS / Edit"
"""What it needs, as that page calls it."""
TEMPLATE = 'template "Edit zone DNS" and add Zone / Zone / Read'
"""How that page gives a token both: its template has only the second."""

RANGES = (
    "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18", "108.162.192.0/18",
    "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13",
    "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22",
    "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29",
    "2c0f:f248::/32",
)  # fmt: skip


def is_cloudflares(address: str, ranges: tuple[str, ...] = RANGES) -> bool:
    """Whether an address is in one of Cloudflare's ranges; False for anything that is not an address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in block for block in _networks(ranges))


def all_cloudflares(addresses: Iterable[str], ranges: tuple[str, ...] = RANGES) -> bool:
    """Whether there is at least one address, and all of them are Cloudflare's."""
    found = list(addresses)
    return bool(found) and all(is_cloudflares(address, ranges) for address in found)


@lru_cache(maxsize=8)
def _networks(ranges: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(block) for block in ranges)
