"""Which services have names that depend on the environment: what is idle in one may be needed in the next."""

from __future__ import annotations

from edgegen.core.data import mapping
from edgegen.spec.edge import Spec

_NAMES = {"host", "hosts", "aliases"}


def renamed_services(spec: Spec) -> set[str]:
    """Services that an environment adds, removes, or gives other names."""
    found: set[str] = set()
    for overlay in spec.environments.values():
        for name, keys in mapping((overlay or {}).get("services")).items():
            if keys is None or name not in spec.services or _NAMES & mapping(keys).keys():
                found.add(str(name))
    return found


def names_vary(spec: Spec) -> bool:
    """Whether the public names of the spec depend on the environment."""
    return bool(renamed_services(spec)) or any("edge" in (overlay or {}) for overlay in spec.environments.values())
