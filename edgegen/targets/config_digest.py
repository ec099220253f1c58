"""A label that changes with the configs of a service, so that Compose recreates its container.

Compose compares how a service is described, not what its configs hold: a changed `content` reached no container.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from edgegen.compose.model import CONFIG_LABEL, Data, Merged, Service


def with_digest(service: Service, configs: Mapping[str, Data]) -> Service:
    """The service with a digest of the texts of its configs. Files on the disk have their own times."""
    names = sorted({use if isinstance(use, str) else str(use["source"]) for use in service.configs or ()})
    held = {name: configs[name]["content"] for name in names if "content" in configs.get(name, {})}
    if not held:
        return service
    digest = hashlib.sha256(json.dumps(held, sort_keys=True, default=str).encode()).hexdigest()[:16]
    return replace(service, labels=_with(service.labels, digest))


def _with(labels: Any, digest: str) -> Any:
    if isinstance(labels, Merged):
        return replace(labels, own={**labels.own, CONFIG_LABEL: digest})
    return {**(labels or {}), CONFIG_LABEL: digest}
