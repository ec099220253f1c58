"""The variables that a project sees: its environment, then `.env`; and what Compose takes from them for itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from edgegen.lint.reader.env_files import EnvFiles

_TRUE = ("1", "t", "true", "y")


def project_values(files: EnvFiles, environ: Mapping[str, str]) -> dict[str, str]:
    """What a project's files are read with: the environment over `.env`, or over the files that it names instead."""
    return {**files.variables(env_names(environ), environ), **environ}


def env_names(environ: Mapping[str, str]) -> list[str]:
    """The files that Compose reads a project's variables from."""
    named = [name for name in environ.get("COMPOSE_ENV_FILES", "").split(",") if name]
    if not named and environ.get("COMPOSE_DISABLE_ENV_FILE", "").lower() in _TRUE:
        return []
    return named or [".env"]


class Chosen(Struct, frozen=True):
    """What variables tell Compose itself."""

    files: tuple[str, ...] = ()
    name: str = ""


def chosen(values: Mapping[str, str]) -> Chosen:
    """COMPOSE_FILE and COMPOSE_PROJECT_NAME."""
    separator = values.get("COMPOSE_PATH_SEPARATOR") or ":"
    files = tuple(name for name in values.get("COMPOSE_FILE", "").split(separator) if name)
    return Chosen(files, values.get("COMPOSE_PROJECT_NAME", ""))


def normal_name(text: str) -> str:
    """A project's name as Compose makes it of a folder's: `My App.2` -> `myapp2`."""
    return "".join(re.findall("[a-z0-9_-]", text.lower())).lstrip("_-")
