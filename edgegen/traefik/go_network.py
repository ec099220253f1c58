"""Addresses and networks as Go reads them. Pure."""

from __future__ import annotations

import ipaddress


def is_network(text: str) -> bool:
    """Whether it is an address, or a network like `10.0.0.0/8`. Go refuses a mask like `/255.0.0.0`."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" not in text or text.rpartition("/")[2].isdecimal()
