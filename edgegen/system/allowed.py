"""Whether a list of allowed addresses can only mean clients behind a proxy, and not the proxy itself. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from edgegen.system.internet import special

Network = IPv4Network | IPv6Network
_INSIDE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))


def networks(words: Iterable[str]) -> list[Network]:
    """Those that are addresses or ranges."""
    found: list[Network] = []
    for word in words:
        try:
            found.append(ip_network(word.strip(), strict=False))
        except ValueError:
            continue
    return found


def means_clients(words: Sequence[str], proxies: Sequence[Network]) -> bool:
    """Whether all are addresses of the internet, and none is a proxy's. A list with one of a local network may be
    meant for those who connect from inside, past the proxy."""
    ranges = networks(words)
    return (
        bool(ranges) and len(ranges) == len(words) and not any(map(_is_inside, ranges)) and not _meet(ranges, proxies)
    )


def _is_inside(item: Network) -> bool:
    return special(str(item.network_address)) not in ("", "for documentation") or _meet((item,), _INSIDE)


def _meet(some: Sequence[Network], others: Sequence[Network]) -> bool:
    return any(one.version == other.version and one.overlaps(other) for one in some for other in others)
