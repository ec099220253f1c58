"""A file outside the project.

What it does
    Refuses `acme.ca_file`, `secrets.*.file` and `configs.*.file` that leave the project by `..`.

Why
    Such a path means a different file on each machine that the project is copied to.

Example
    `secrets: {tls: {file: ../../key.pem}}`

Instead
    A path inside the project, or an absolute one.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER018"


def check(spec: Spec) -> Iterator[Violation]:
    """Relative paths with `..`."""
    paths = [(("secrets", name, "file"), source.file) for name, source in spec.secrets.items() if source.file]
    paths += [(("configs", name, "file"), source.file) for name, source in spec.configs.items() if source.file]
    if spec.acme.ca_file:
        paths.append((("acme", "ca_file"), spec.acme.ca_file))  # type: ignore[arg-type]  # a shorter path
    for path, file in paths:
        if ".." in file.split("/"):
            yield Violation(path, f"`{file}` is outside the project directory", "move the file into the project")
