"""The certificates of the local authority, as `cert list` shows those of Traefik's own store."""

from __future__ import annotations

from pathlib import Path

from edgegen.desired.edge import LEAF_FOLDER
from edgegen.files import read_project_file
from edgegen.files.acme_read import Store, Stored
from edgegen.spec import LOCAL

_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----\n"


def read_leaves(project: Path) -> Store | None:
    """The leaf certificates that were rendered; None where there are none. No key leaves this function."""
    found: list[Stored] = []
    while (content := read_project_file(project, path := f"{LEAF_FOLDER}/{len(found) + 1}.pem")) is not None:
        start, end = content.find(_BEGIN), content.find(_END)
        if start < 0 or end < start:
            found.append(Stored(LOCAL, path, trouble="it holds no certificate in PEM"))
        else:
            found.append(Stored(LOCAL, path, chain=content[start : end + len(_END)]))
    return Store(str(project / LEAF_FOLDER), 0o600, tuple(found)) if found else None
