"""Which secrets are mounted as files into containers, and so which files must be readable by all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edgegen.compose.model import File, Service
from edgegen.core.data import items
from edgegen.desired.edge import TRAEFIK
from edgegen.spec.edge import Spec
from edgegen.spec.mounted import secret_modes

_FOR_ALL = 0o444


def mounted_modes(spec: Spec, file: File) -> dict[str, int]:
    """Secret -> mode of its file, as a swarm has it: 0444 unless a service asks for less.

    Traefik is left out: it runs as root and may read 0600 files of whoever deploys.
    """
    asked = secret_modes(spec)
    services = {**dict.fromkeys(spec.extra.get("services", {})), **file.services}
    names = (name for service, body in services.items() for name in _mounts(spec, service, body))
    return {name: asked.get(name, _FOR_ALL) for name in names}


def _mounts(spec: Spec, name: str, service: Service | None) -> Iterator[str]:
    """The secrets that a service mounts, those of `extra:` included: there a list replaces the one before."""
    mounts: Any = [] if service is None or name == TRAEFIK else service.secrets
    own = {} if service is None else service.extra
    for extra in (own, spec.extra.get("services", {}).get(name, {})):
        mounts = extra.get("secrets", mounts)
    for mount in items(mounts):
        source = mount.get("source") if isinstance(mount, dict) else mount
        if isinstance(source, str):
            yield source
