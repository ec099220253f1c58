"""Kinds of service. A new one is one line here, a model in this package, and a file in `edgegen.kinds`.

Both are named instead of imported: building models is what costs time at start, and most specs use few kinds.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from typing import NamedTuple

from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.spec.base import HintedError
from edgegen.spec.service import ServiceBase

DEFAULT = "container"
resolved = cache(pkgutil.resolve_name)


class Kind(NamedTuple):
    """Where the model of a kind is, and where the function is that says what it consists of."""

    model: str
    build: str


KINDS: dict[str, Kind] = {
    "registry": Kind("edgegen.spec.registry:Registry", "edgegen.kinds.registry:build"),
    "registry-cache": Kind("edgegen.spec.registry_cache:RegistryCache", "edgegen.kinds.registry_cache:build"),
    "container": Kind("edgegen.spec.container:Container", "edgegen.kinds.container:build"),
    "redirect": Kind("edgegen.spec.redirect:Redirect", "edgegen.kinds.redirect:build"),
    "external": Kind("edgegen.spec.external:External", "edgegen.kinds.external:build"),
    "tcp": Kind("edgegen.spec.tcp:Tcp", "edgegen.kinds.tcp:build"),
}


def service_class(kind: object) -> type[ServiceBase]:
    """The model of a kind. Raises ValueError for an unknown one."""
    if kind == "udp":
        how = 'publish the port past the edge, without `kind`: `ports: ["0.0.0.0:53:53/udp"]`'
        raise HintedError("Traefik finds nothing by name in UDP, so there is no kind for it", how)
    if not isinstance(kind, str) or kind not in KINDS:
        near = suggest(word := shown(kind), KINDS)
        raise ValueError(f"unknown kind `{word}`" + (f"; did you mean `{near}`?" if near else ""))
    found: type[ServiceBase] = resolved(KINDS[kind].model)
    return found
