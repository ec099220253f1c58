"""Names that nobody can register, so no public zone contains them. Pure."""

from __future__ import annotations

# Sources: RFC 6761 (localhost, test, invalid, example), RFC 6762 (local), RFC 7686 (onion), RFC 8375 (home.arpa),
# RFC 9476 (alt), and ICANN's resolution of 2024-07-29 (internal). example.com and its like are ordinary zones.
_ENDS = frozenset({"localhost", "test", "invalid", "example", "local", "onion", "home.arpa", "alt", "internal"})


def reserved_end(name: str) -> str:
    """The reserved suffix of a host name; "" for a name that a public zone may contain."""
    labels = name.lower().rstrip(".").split(".")
    return next((end for end in (labels[-1], ".".join(labels[-2:])) if end in _ENDS), "")


def is_reserved(name: str) -> bool:
    """Whether no public zone can contain a host name."""
    return bool(reserved_end(name))
