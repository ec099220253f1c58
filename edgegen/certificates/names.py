"""Whether the names of a certificate cover a host, by RFC 9525 (which replaces RFC 6125) as OpenSSL applies it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def covers(names: Iterable[str], host: str) -> bool:
    """Whether one of the names of a SAN covers the host. Only the same address covers an address.

    `*` matches exactly one whole label at the left, followed by at least two labels: `*.example` covers nothing.
    """
    address = _address(host)
    if address is not None:
        return any(_address(name) == address for name in names)
    wanted = _labels(host)
    return bool(wanted) and any(_matches(_labels(name), wanted) for name in names if _address(name) is None)


def nearly_covers(names: Iterable[str], host: str) -> str:
    """A wildcard that would cover the host if `*` matched several labels, or ""."""
    wanted = _labels(host)
    for name in names:
        labels = _labels(name)
        if labels[:1] == ["*"] and len(labels) < len(wanted) and wanted[-len(labels) + 1 :] == labels[1:]:
            return name
    return ""


def _matches(labels: list[str], wanted: list[str]) -> bool:
    if len(labels) != len(wanted) or not all(labels):
        return False
    if labels[0] == "*":
        return len(labels) > 2 and labels[1:] == wanted[1:] and "*" not in "".join(labels[1:])
    return labels == wanted and "*" not in "".join(labels)


def _labels(name: str) -> list[str]:
    """Lower case of ASCII only: other characters don't belong in DNS names, and must not become equal."""
    folded = "".join(char.lower() if char.isascii() else char for char in name)
    found = folded.removesuffix(".").split(".")
    return found if all(found) else []


def _address(name: str) -> Address | None:
    try:
        return ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
