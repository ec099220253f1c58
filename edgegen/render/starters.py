"""Starter projects: a folder under `templates/init/` each. The folder is the registry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import UsageError
from edgegen.core.suggest import did_you_mean
from edgegen.render.environment import builtin_templates, environment
from edgegen.spec import SPEC_FILE
from edgegen.target_names import DEFAULT

FOLDER = "init"
SUFFIX = ".j2"
ONE_HOST = "{# compose only: "
"""Begins the second line of a template that makes no sense on a swarm; the rest of the line says why."""

_HEAD = "partials/starter-head.j2"
"""The sections with the domain."""


class Starter(Struct, frozen=True):
    """A template of `init`: its name and what it is for."""

    name: str
    about: str


def starters() -> list[Starter]:
    """All templates of `init`, by name. The first line of a template's edge.yaml says what it is for."""
    folder = builtin_templates() / FOLDER
    return [
        Starter(path.name, _about(path / f"{SPEC_FILE}{SUFFIX}"))
        for path in sorted(folder.iterdir())
        if (path / f"{SPEC_FILE}{SUFFIX}").is_file()
    ]


def _about(template: Path) -> str:
    first = template.read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("{#").removesuffix("#}").strip()


def refuse_unknown(template: str) -> None:
    """Raise UsageError for an unknown name."""
    names = [starter.name for starter in starters()]
    if template in names:
        return
    hint = did_you_mean(template, names, f"templates are: {', '.join(names)}")
    raise UsageError(f"there is no template `{template}`", hint=hint)


def refuse_target(template: str, target: str) -> None:
    """Raise UsageError where the template makes no sense on this target."""
    path = builtin_templates() / FOLDER / template / f"{SPEC_FILE}{SUFFIX}"
    second = path.read_text(encoding="utf-8").split("\n", 2)[1]
    if target == DEFAULT or not second.startswith(ONE_HOST):
        return
    reason = second.removeprefix(ONE_HOST).removesuffix("#}").strip()
    raise UsageError(f"`{template}` is for one host, not for target {target}: {reason}", hint=f"use --target {DEFAULT}")


def has_domain(template: str) -> bool:
    """Whether the template's project has a domain; if not, its name is all that is made of the one that was given."""
    return _HEAD in _spec_of(template)


def refuse_users(template: str) -> None:
    """Raise UsageError for a template that has no registry: nobody would get a password."""
    if "{{ users " not in _spec_of(template):
        raise UsageError(
            f"--user is for registries, and the template `{template}` has none",
            hint="for basic auth: `edgegen auth add USER --service NAME`",
        )


def _spec_of(template: str) -> str:
    return (builtin_templates() / FOLDER / template / f"{SPEC_FILE}{SUFFIX}").read_text(encoding="utf-8")


def starter_files(template: str, context: Mapping[str, object]) -> dict[str, str]:
    """The rendered files of a starter project by path. Raises UsageError for an unknown template."""
    refuse_unknown(template)
    jinja = environment()
    folder = builtin_templates() / FOLDER / template
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob(f"*{SUFFIX}")))
    return {
        name.removesuffix(SUFFIX): jinja.get_template(f"{FOLDER}/{template}/{name}").render(context) for name in names
    }
