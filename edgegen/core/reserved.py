"""Names that nobody can register, so that no public zone holds them. Pure."""

from __future__ import annotations

# Sources: RFC 6761 (localhost, test, invalid, example), RFC 6762 (local), RFC 7686 (onion), RFC 8375 (home.arpa),
# RFC 9476 (alt), and ICANN's resolution of 2024-07-29 (internal). example.com and its like are ordinary zones.
_ENDS = frozenset({"localhost", "test", "invalid", "example", "local", "onion", "home.arpa", "alt", "internal"})


def is_reserved(name: str) -> bool:
    """Whether a host name lies under one of the reserved ends, or is one of them."""
    labels = name.lower().rstrip(".").split(".")
    return labels[-1] in _ENDS or ".".join(labels[-2:]) in _ENDS
