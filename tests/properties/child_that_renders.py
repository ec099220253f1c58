"""A process of its own that renders projects and prints one digest of all their files.

Arguments: the folder of the projects, the umask, and `plant` for a fault that depends on the seed of hashes.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import edgegen.project.render as render


def main(folder: str, umask: str, *planted: str) -> None:
    """Print the digest."""
    os.umask(int(umask, 8))
    if planted:
        vars(render)["__version__"] = min({"one", "two", "three", "four"}, key=hash)
    total = hashlib.sha256()
    for project in sorted(Path(folder).iterdir()):
        for item in render.prepare(project, None, environ={}).outputs:
            total.update(f"{item.path} {item.mode} {len(item.content)}\n".encode() + item.content)
    print(total.hexdigest())


main(*sys.argv[1:])
