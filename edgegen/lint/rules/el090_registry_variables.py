"""A variable that the registry ignores, or that stops it.

What it does
    Reports `REGISTRY_…` variables whose name no option has, with the nearest one, and `REGISTRY_AUTH=htpasswd`
    without a realm or a path.

Why
    An unknown name costs one line in the log (`Ignoring unrecognized environment variable`). If it was meant
    to set the login, the registry is open. Without a realm or a path the registry stops at once.

Example
    `REGISTRY_AUTH_HTPASWD_PATH: /auth/htpasswd`

Instead
    `REGISTRY_AUTH_HTPASSWD_PATH: /auth/htpasswd`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.corrections import is_slip
from edgegen.lint.edits import fix, rename_label
from edgegen.lint.model import Project, Value
from edgegen.lint.rule import Fix, Found, Rule
from edgegen.lint.views.registries import Registry, registries
from edgegen.lint.views.registry_options import is_known, nearest

RULE = Rule("EL090", "registry-variables", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each variable of each registry."""
    for registry in registries(project):
        for name, value in registry.service.environment.items():
            if not name.startswith("REGISTRY_") or is_known(name):
                continue
            meant = nearest(name)
            login = name.startswith("REGISTRY_AUT") or bool(meant and meant.startswith("REGISTRY_AUTH"))
            yield Found(
                registry.service.name,
                f"the registry ignores `{name}`: no option has that name" + (", so it sets no login" if login else ""),
                value.spot.of_key if value else registry.service.spot,
                f"did you mean `{meant}`?" if meant else "",
                fix=_fix(registry, name, value, meant),
            )
        yield from _incomplete(registry)


def _fix(registry: Registry, name: str, value: Value | None, meant: str | None) -> Fix | None:
    """Where one letter is wrong, and the right variable is not there as well."""
    if value is None or not meant or not is_slip(name, meant) or meant in registry.service.environment:
        return None
    return fix(f"write `{meant}`", rename_label(value, name, meant))


def _incomplete(registry: Registry) -> Iterator[Found]:
    said = registry.variables
    value = registry.service.environment.get("REGISTRY_AUTH")
    if value is None or value.text != "htpasswd" or registry.config is not None or registry.service.partial:
        return
    lacks = [name for name in ("REGISTRY_AUTH_HTPASSWD_REALM", "REGISTRY_AUTH_HTPASSWD_PATH") if name not in said]
    if lacks:
        yield Found(
            registry.service.name,
            f"the registry exits at startup: `REGISTRY_AUTH=htpasswd` needs `{lacks[0]}`",
            value.spot,
            f"add `{lacks[0]}`",
            Severity.HIGH,
        )
