"""Reading a project's certificate stores, never through a link."""

from __future__ import annotations

from pathlib import Path

from edgegen.certificates.store import CertificateStore, Stored, parse_acme, parse_pair
from edgegen.desired.edge import LEAF_FOLDER
from edgegen.endpoints import LOCAL
from edgegen.files.output import ACME_STORE, parse_path
from edgegen.files.safe_open import ProjectDirectory
from edgegen.files.single_file import read_project_file


def read_store(project: Path) -> CertificateStore | None:
    """Traefik's own store; None if there is no file.

    Raises RefusedError for a link, a folder, a FIFO or a file of more than 64 MiB, LocalIOError if the system refuses.
    """
    with ProjectDirectory(project) as root:
        seen = root.see(parse_path(ACME_STORE))
        return None if seen is None else parse_acme(seen.content, seen.mode, root.shown(ACME_STORE))


def read_leaves(project: Path) -> CertificateStore | None:
    """The rendered certificates of the local authority; None if there are none. Raises what `read_store` raises."""
    found: list[Stored] = []
    while (content := read_project_file(project, path := f"{LEAF_FOLDER}/{len(found) + 1}.pem")) is not None:
        found.append(parse_pair(content, LOCAL, path))
    return CertificateStore(str(project / LEAF_FOLDER), 0o600, tuple(found)) if found else None
