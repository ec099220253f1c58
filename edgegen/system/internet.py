"""Which addresses are public, and the canonical spelling of each. Pure."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

# Source: IANA's registries of special-purpose addresses ("Globally Reachable"), as of 2025. `is_global` of ipaddress
# differs between Python's versions and calls multicast global, so the ranges are listed here.
_GLOBAL_WITHIN = tuple(map(ip_network, (
    "192.0.0.9/32", "192.0.0.10/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:3::/32",
    "2001:4:112::/48", "2001:20::/28", "2001:30::/28",
)))  # fmt: skip
"""Globally reachable, although the larger block around them is not."""
_SPECIAL_4 = tuple(
    (IPv4Network(block), what)
    for block, what in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local, where clouds have their metadata service"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "for documentation"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_SPECIAL_6 = tuple(
    (IPv6Network(block), what)
    for block, what in (
        ("::/128", "this host"),
        ("::1/128", "loopback"),
        ("100::/63", "reserved"),
        ("5f00::/16", "for segment routing"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("fc00::/7", "private (ULA)"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private (site-local)"),
        ("ff00::/8", "multicast"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "for documentation"),
        ("3fff::/20", "for documentation"),
    )
)
_INTERNET_6 = IPv6Network("2000::/3")
"""All IPv6 addresses that have been allocated so far."""
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")


def special(address: str) -> str:
    """What kind of address it is if it is not public, in a few words; "" for a public address.

    An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) counts: that is where it leads.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "no address"
    if any(found in block for block in _GLOBAL_WITHIN):
        return ""
    if isinstance(found, IPv4Address):
        return next((what for block, what in _SPECIAL_4 if found in block), "")
    named = next((what for block, what in _SPECIAL_6 if found in block), "")
    if named:
        return named
    within = _within(found)
    if within is not None:
        inner = special(str(within))
        return inner and f"it contains {within}: {inner}"
    return "" if found in _INTERNET_6 else "reserved"


def _within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 one."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour if address in _SIX_TO_FOUR else None


def is_public(address: str) -> bool:
    """Whether an address is public; for an IPv4 address inside an IPv6 one (mapped, NAT64, 6to4), whether that is."""
    return not special(address)


def is_from_dns64(address: str) -> bool:
    """Whether a resolver of an IPv6-only network synthesised it from an IPv4 address (RFC 6147, the well-known
    prefix)."""
    try:
        return ipaddress.ip_address(address) in _NAT64
    except ValueError:
        return False


def literal(host: str) -> str:
    """The address that a host is, in brackets or not; "" for a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return ""


def spelled(address: str) -> str:
    """The canonical spelling of an address; other text stays as it is. Source: RFC 5952, section 5 for mapped ones."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    # Python 3.13 writes mapped addresses in the mixed form, the versions before don't.
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) and "%" not in address else None
    return str(found) if mapped is None else f"::ffff:{mapped}"
