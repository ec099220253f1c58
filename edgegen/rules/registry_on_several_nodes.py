"""A registry that runs several times on a local volume.

What it does
    Refuses `replicas` above 1 on a registry whose blobs are in a volume.

Why
    A local volume is a different one on each node: each registry knows only its own uploads.

Example
    `registry: {kind: registry, replicas: 3}`

Instead
    `storage: {s3: {…}}`, or one replica.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER009"


def check(spec: Spec) -> Iterator[Violation]:
    """Replicated registries without shared storage."""
    for name, registry in spec.registries.items():
        shared = registry.storage is not None and registry.storage.s3 is not None
        if registry.replicas > 1 and not shared:
            message = f"{registry.replicas} registries on a local volume each see only their own uploads"
            yield Violation(("services", name, "replicas"), message, "use `storage: {s3: …}`, or one replica")
