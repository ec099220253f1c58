"""Which addresses a record may publish. Pure."""

from __future__ import annotations

import ipaddress

from edgegen.core.cloudflare import is_cloudflares
from edgegen.system.internet import special

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NO_HOST = ("this host", "multicast")
_EXAMPLE = "for documentation"
_DISCARD = ipaddress.IPv6Network("100::/64")
"""Source: Cloudflare's documentation: the origin of a proxied name that has none, as it only redirects."""


def unusable(address: Address) -> str | None:
    """Why no host can have an address, as the end of a sentence; None for one that a host can have."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return f"is an IPv4 address in IPv6 form: write {address.ipv4_mapped}"
    what = special(str(address))
    if what in _NO_HOST or (address.version == 4 and address.is_reserved):
        return f"can't be the address of a host ({what})"
    return None


def never_proxied(text: str) -> str | None:
    """Why Cloudflare can't proxy an address, as the end of a sentence; None for one that it can, and for no address.

    Those of examples count as the real ones that they stand for.
    """
    plain = text.strip()
    if is_cloudflares(plain):
        return "is Cloudflare's own address, as DNS answers for a proxied host: write that of the server"
    if special(plain) in ("", "no address", _EXAMPLE) or ipaddress.ip_address(plain.partition("%")[0]) in _DISCARD:
        return None
    return "is not an address of the internet: Cloudflare can't proxy it"
