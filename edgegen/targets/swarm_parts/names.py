"""Names of secrets and configs on a swarm: they never change there, so another content has another name."""

from __future__ import annotations

import hashlib

from edgegen.targets.contents import HASH

LONGEST = 64
"""Swarm's limit for the name of a secret or a config."""


def hashed_name(stack: str, thing: str, digest: str) -> str:
    """`STACK-THING-HASH`. Where that is too long, the thing is cut, with a hash of what it was."""
    name = f"{stack}-{thing}-{digest}"
    if len(name) <= LONGEST:
        return name
    whole = hashlib.sha256(f"{stack}/{thing}".encode()).hexdigest()[:HASH]
    room = LONGEST - len(f"-{whole}-{digest}")
    return f"{f'{stack}-{thing}'[:room]}-{whole}-{digest}"
