"""A certificate store that others may read, and that Traefik therefore refuses.

What it does
    Looks at the file of the host that holds the certificates of a resolver, where it is there, and reports any right
    of its group or of others.

Why
    Traefik stays up, skips the resolver with one line in its log (`permissions 644 for /acme.json are too open,
    please use 600`), and serves its own self-signed certificate. git keeps no mode but the x bit: a store that was
    committed is 644 after every clone.

Example
    `-rw-r--r-- acme.json`

Instead
    `chmod 600 acme.json`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.views.acme import stores

RULE = Rule("EL073", "acme-store-mode", Severity.HIGH, Confidence.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each store whose file is there with too many rights."""
    for store in stores(project):
        host = store.place.host if store.place else None
        if project.disk is None or host is None or project.disk.kind(host) != "file":
            continue
        mode = project.disk.mode(host)
        if mode is None or not mode & 0o077:
            continue
        yield Found(
            store.service.name,
            f"`{host}` has mode {mode:o}: Traefik refuses it, skips the resolver `{store.resolver.name}` and serves "
            "its own self-signed certificate",
            store.place.mount.spot if store.place else store.spot,
            f"`chmod 600 {host}`",
        )
