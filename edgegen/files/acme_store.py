"""`acme/acme.json`, where Traefik keeps certificates and keys: made empty once, then only looked at.

Traefik writes it in place and not atomically, so a crash of Traefik can leave half of it; edgegen says so and never
repairs it. It must never be renamed over: a container that mounts it would keep the old inode.
"""

from __future__ import annotations

import os

from edgegen.certificates.store import unreadable
from edgegen.files.output import Output
from edgegen.files.safe_open import Seen
from edgegen.system.os_errors import refused

ACME_STORE = "acme/acme.json"


def kept_warning(output: Output, seen: Seen, shown: str) -> str:
    """What is worth saying about an existing file that is kept, or ""."""
    if output.path == ACME_STORE:
        return unreadable(seen.content, shown)
    if output.content and not seen.size:
        return f"{shown} is empty; remove it to have it made again"
    return ""


def refuse_strangers(owner: int, shown: str) -> None:
    """Raises RefusedError when a file or folder belongs to another user: its content would be theirs to choose."""
    if owner != os.geteuid():
        message = f"belongs to uid {owner}, and this process is uid {os.geteuid()}"
        raise refused(shown, message, f"run as its owner, or: chown {os.geteuid()} {shown}")
