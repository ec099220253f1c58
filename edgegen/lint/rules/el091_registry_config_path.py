"""A configuration that the registry never reads.

What it does
    Reports a file mounted at the path of another major version: `registry:3` reads `/etc/distribution/config.yml`,
    `registry:2` reads `/etc/docker/registry/config.yml`. A command that names the file is not reported.

Why
    The registry starts with its own configuration and says nothing. A login, a storage or a cache of the mounted file
    is not there, so the registry may be open.

Example
    `registry:3` with `./config.yml:/etc/docker/registry/config.yml`

Instead
    `./config.yml:/etc/distribution/config.yml`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edits import fix, replace_within
from edgegen.lint.model import Project
from edgegen.lint.rule import Fix, Found, Rule
from edgegen.lint.views.paths import Place, place_of
from edgegen.lint.views.registries import CONFIG, registries

RULE = Rule("EL091", "registry-config-path", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each registry with a file at the other path."""
    for registry in registries(project):
        if registry.config_path != CONFIG[registry.version] or registry.service.entrypoint:
            continue
        other = CONFIG[5 - registry.version]
        place = place_of(project, registry.service, other)
        if place is None or registry.config is not None:
            continue
        yield Found(
            registry.service.name,
            f"`{registry.image.name}:{registry.image.tag or 'latest'}` never reads `{other}`: version "
            f"{registry.version} reads `{registry.config_path}`",
            place.mount.spot,
            f"mount it at `{registry.config_path}`",
            fix=_fix(place, other, registry.config_path),
        )


def _fix(place: Place, other: str, path: str) -> Fix | None:
    return None if place.rest else fix(f"mount it at `{path}`", replace_within(place.mount.spot, other, path))
