"""A name that one part of the spec gives, and that another part must declare. Pure."""

from __future__ import annotations

from typing import Literal, NamedTuple

from edgegen.core.location import Path

What = Literal["secret", "config", "network", "volume", "service", "middleware", "HTTP service"]


class Mention(NamedTuple):
    """What is named, how it is called, and where, below the part that names it."""

    what: What
    name: str
    at: Path
