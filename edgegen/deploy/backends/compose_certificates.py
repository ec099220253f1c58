"""Certificates that Traefik got while the project ran on a swarm: Compose reads the folder's acme.json instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from edgegen.certificates.store import parse_acme
from edgegen.compose.swarm_names import ACME_VOLUME, NAMESPACE_LABEL, in_stack
from edgegen.core.errors import EdgegenError, OutsideError
from edgegen.deploy.engine import ask, names
from edgegen.deploy.runner import Executor
from edgegen.system.read import read_bounded

FILE = "acme/acme.json"
_MOST_BYTES = 16 << 20


def left_on_a_swarm(runner: Executor, folder: Path, name: str) -> Iterator[str]:
    """One sentence before the first start with Compose, if this machine was the edge's node."""
    try:
        store = parse_acme(read_bounded(folder / FILE, _MOST_BYTES), 0o600, FILE)
    except EdgegenError:
        return  # it needs none
    volume = in_stack(name, ACME_VOLUME)
    if store.stored or store.trouble or volume not in _of_stack(runner, name):
        return
    yield (
        f"the certificates of the swarm's Traefik are in the volume `{volume}`, and {FILE} has none: Traefik requests "
        "them again (Let's Encrypt issues five a week for the same names). To take them along: `edgegen down`, "
        f"`docker run --rm -v {volume}:/acme:ro alpine cat /acme/acme.json > {FILE}`, and `edgegen up`"
    )


def _of_stack(runner: Executor, name: str) -> tuple[str, ...]:
    label = f"label={NAMESPACE_LABEL}={name}"
    with suppress(OutsideError):  # it would only be a remark
        return tuple(names(ask(runner, "docker", "volume", "ls", "--filter", label, "--format", "{{.Name}}")))
    return ()
