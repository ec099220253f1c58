"""Users that the registry never lets in.

What it does
    Reads the htpasswd file of a registry, where it is on this disk, and reports lines that are not bcrypt hashes.
    Hashes are not shown.

Why
    The registry loads every kind of line and only checks bcrypt. A user with an MD5 (`$apr1$`), SHA or crypt hash
    gets 401 with the right password, and the log only says `authentication failure`.

Example
    `ci:$apr1$…`, which `htpasswd -n ci` writes

Instead
    `ci:$2y$…`, which `htpasswd -Bn ci` writes
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import first_few, shown
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.paths import place_of
from edgegen.lint.views.registries import registries
from edgegen.lint.views.secret_files import LIMIT

RULE = Rule("EL086", "registry-users-ignored", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each file with such lines."""
    for registry in registries(project):
        path = registry.service.environment.get("REGISTRY_AUTH_HTPASSWD_PATH")
        place = place_of(project, registry.service, path.text) if path and path.known else None
        content = project.disk.read(place.host, LIMIT) if project.disk and place and place.host else None
        if path is None or place is None or content is None:
            continue
        bad = [line.partition(":")[0] for line in _lines(content) if not _BCRYPT.match(line)]
        if bad:
            names = first_few((f"`{shown(name, 20)}`" for name in bad), 3)
            message = f"`{place.host}` has no bcrypt hash for {names}: the registry answers 401 to the right password"
            yield Found(registry.service.name, message, place.mount.spot, "write these lines again with `htpasswd -B`")


def _lines(content: bytes) -> list[str]:
    lines = (line.strip() for line in content.decode("utf-8", "replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


_BCRYPT = late_pattern(r"[^:]+:\$2[aby]?\$\d\d\$")
