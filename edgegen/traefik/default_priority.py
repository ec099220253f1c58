"""The priority of a router that sets none."""

from __future__ import annotations


def default_priority(rule: str) -> int:
    """The length of its rule, of which Go counts the bytes."""
    return len(rule.encode())
