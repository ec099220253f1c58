"""What Docker can't read."""

from __future__ import annotations


class BadPatternError(ValueError):
    """Docker refuses the pattern, and with it the whole build; or the pattern is too odd to be sure of its meaning."""
