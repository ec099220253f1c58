"""Certificates that are lost with the container.

What it does
    Reports the store of a certificates resolver that lies on no mount of its Traefik, or on a `tmpfs`. A relative
    path counts from the working directory, which is `/` in the image.

Why
    Every new container orders all certificates again. Let's Encrypt gives five certificates a week for the same
    names; after that the site has none for days.

Example
    `--certificatesresolvers.le.acme.storage=acme.json` without a volume

Instead
    `--certificatesresolvers.le.acme.storage=/acme/acme.json` and `volumes: ["acme:/acme"]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.acme import Store, stores

RULE = Rule("EL072", "acme-store-lost", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each store without a mount."""
    for store in stores(project):
        if _is_kept(store):
            continue
        shown = f"`{store.written}`"
        if store.written != store.path:
            shown += f" (`{store.path}` in the container)"
        yield Found(
            store.service.name,
            f"the certificates of `{store.resolver.name}` are in {shown}, which no volume holds: each new container "
            "orders all of them again",
            store.spot,
            "mount a volume on its folder, and name the file by its whole path, like `/acme/acme.json`",
        )


def _is_kept(store: Store) -> bool:
    service = store.service
    if any(mount.unset or not mount.target for mount in service.mounts) or service.data.get("volumes_from"):
        return True  # it may be under one that nobody can see
    return store.place is not None and store.place.mount.kind != "tmpfs"
