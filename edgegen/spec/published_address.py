"""Which addresses a record may publish. Pure."""

from __future__ import annotations

import ipaddress

from edgegen.system.internet import special

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NO_HOST = ("this host", "multicast")
_EXAMPLE = "for documentation"


def unusable(address: Address) -> str | None:
    """Why no host can have an address, as the end of a sentence; None for one that a host can have."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return f"is an IPv4 address in IPv6 form: write {address.ipv4_mapped}"
    what = special(str(address))
    if what in _NO_HOST or (address.version == 4 and address.is_reserved):
        return f"can't be the address of a host ({what})"
    return None


def is_inside(text: str) -> bool:
    """Whether a text is an address that the internet doesn't reach. Those of examples count as the real ones that
    they stand for."""
    return special(text.strip()) not in ("", "no address", _EXAMPLE)
