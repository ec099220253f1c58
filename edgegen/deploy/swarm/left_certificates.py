"""Certificates that Traefik got while the project ran with Compose: a stack's are in a volume of the edge's node."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from edgegen.certificates.store import parse_acme
from edgegen.compose.swarm_names import ACME_VOLUME, in_stack
from edgegen.core.errors import EdgegenError
from edgegen.system.read import read_bounded

FILE = "acme/acme.json"
_MOST_BYTES = 16 << 20


def left_certificates(folder: Path, stack: str) -> Iterator[str]:
    """One sentence before the first start on a swarm, if there are any: they are ordered again, which Let's Encrypt
    allows five times a week for the same names."""
    try:
        store = parse_acme(read_bounded(folder / FILE, _MOST_BYTES), 0o600, FILE)
    except EdgegenError:
        return  # mostly there is none
    if count := len(store.stored):
        volume = in_stack(stack, ACME_VOLUME)
        yield (
            f"Traefik on the swarm orders the certificates of {FILE} again ({count}; Let's Encrypt issues five a week "
            f"for the same names), unless the volume `{volume}` of the edge's node has that file: the guide says how"
        )
