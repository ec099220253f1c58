"""The examples of this repository that are for Compose, and what is rendered from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
ENVIRONMENTS = {"02-web-app": ("dev", "production"), "07-wordpress": ("dev",), "09-three-env": ("dev", "production")}


def is_for_a_swarm(folder: Path) -> bool:
    """Whether its spec asks for target swarm: `test_swarm_examples.py` has these."""
    spec = folder / "edge.yaml"
    return spec.is_file() and "\ntarget: swarm" in spec.read_text(encoding="utf-8")


CASES = [
    (folder.name, environment)
    for folder in sorted(EXAMPLES.iterdir())
    if (folder / "edge.yaml").is_file() and not is_for_a_swarm(folder)
    for environment in (None, *ENVIRONMENTS.get(folder.name, ()))
]
GIVEN = {"CLOUDFLARE_API_TOKEN": "canary-token-4711", "S3_KEY": "canary-key-4712", "S3_SECRET": "canary-secret-4713"}
Golden = Callable[[Path, str], None]
Rendered = Callable[..., Path]
"""An example by its name and environment -> its project, rendered."""


def public_files(project: Path) -> dict[str, str]:
    """What may be shown and committed: everything but secrets, book-keeping, what the user wrote, and what changes with
    a local authority's certificates."""
    return {
        file.relative_to(project).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(project.rglob("*"))
        if file.is_file()
        and file.stat().st_mode & 0o044
        and file.name not in (".gitignore", ".dockerignore", "local-certificates.yml")
        and not (EXAMPLES / project.name / file.relative_to(project)).is_file()
        and not {".edgegen", "secrets"} & set(file.relative_to(project).parts)
    }


def dynamic_of(project: Path) -> list[dict[str, Any]]:
    """What Traefik reads from files."""
    return [yaml.safe_load(file.read_text()) for file in sorted((project / "traefik/dynamic").glob("*.yml"))]
