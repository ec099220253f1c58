"""A folder where the certificate store should be a file.

What it does
    Reports a store whose path is a mounted folder or volume, and one that is mounted as a file whose source is a
    folder on this disk. A source that is missing is reported as low: Compose makes a folder of it at the first start.

Why
    Traefik stays up, skips the resolver (`read /acme.json: is a directory`), and serves its own self-signed
    certificate.

Example
    `volumes: ["acme:/acme.json"]`, or `["./acme.json:/acme.json"]` without an `acme.json`

Instead
    `volumes: ["./acme:/acme"]` with `storage=/acme/acme.json`: Traefik makes the file itself, with mode 600.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.data import items, mapping
from edgegen.core.finding import Severity
from edgegen.lint.model import Mount, Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.views.acme import Store, stores

RULE = Rule("EL074", "acme-store-folder", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each store that is, or becomes, a folder."""
    for store in stores(project):
        if store.place is None or store.place.rest:
            if store.place is None and (mount := _below(store)):
                yield _found(store, mount, f"`{store.path}` is the folder of another mount, `{mount.target}`")
            continue
        mount = store.place.mount
        if mount.kind == "volume":
            yield _found(store, mount, f"`{store.path}` is a volume, which is a folder")
            continue
        kind = project.disk.kind(store.place.host) if project.disk and store.place.host else "unknown"
        if kind == "folder":
            yield _found(store, mount, f"`{store.place.host}` is a folder")
        elif kind == "none" and mount.kind == "bind" and _is_made(mount, store):
            yield _found(
                store,
                mount,
                f"`{store.place.host}` is not here: Compose makes a folder of it at the first start",
                Severity.LOW,
            )


def _found(store: Store, mount: Mount, why: str, severity: Severity | None = None) -> Found:
    effect = "" if severity else f"; Traefik needs a file there, and skips the resolver `{store.resolver.name}`"
    message = why + effect
    hint = "mount its folder: Traefik makes the file itself, with mode 600"
    return Found(store.service.name, message, mount.spot, hint, severity, Confidence.LOW if severity else None)


def _below(store: Store) -> Mount | None:
    return next((mount for mount in store.service.mounts if mount.target.startswith(f"{store.path}/")), None)


def _is_made(mount: Mount, store: Store) -> bool:
    """Whether Compose makes the missing source: not where the long form forbids it."""
    for volume in items(store.service.data, "volumes"):
        if mapping(volume).get("target") == mount.target:
            return mapping(volume, "bind").get("create_host_path") is True
    return True
