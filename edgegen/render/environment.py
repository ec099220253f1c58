"""The Jinja2 environment: sandboxed, strict about names, with one filter that writes YAML.

The typed model owns every value; a template owns order, comments and prose.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import edgegen
from edgegen.compose.emit import Anchored, emit
from edgegen.compose.model import Shared
from edgegen.core.errors import BugError, UsageError
from edgegen.core.pattern import late_patterns


@lru_cache(maxsize=1)
def builtin_templates() -> Path:
    """The folder of edgegen's own templates: inside an installed wheel, or else at the top of the source tree."""
    package = Path(edgegen.__file__).parent
    for folder in (package / "_templates", package.parent / "templates"):
        if (folder / "project").is_dir():
            return folder
    raise BugError("edgegen's own templates are missing from this installation", hint="install edgegen again")


def environment(overrides: Sequence[Path] = ()) -> Any:
    """A sandboxed environment of Jinja2 that looks into `overrides` first, then into edgegen's templates.

    The original of an overridden template is available as `builtin/PATH`, for `{% extends %}`.
    """
    return _made(overrides) if overrides else _own()


@cache
def _own() -> Any:
    """Without overrides: one for all renders of a process, which keeps the compiled templates."""
    return _made(())


def _made(overrides: Sequence[Path]) -> Any:
    with late_patterns():  # most are for reading templates: edgegen's own are compiled in a wheel
        from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from edgegen.render.compiled import SYNTAX, Compiled

    own = FileSystemLoader(builtin_templates())
    loader = ChoiceLoader([*(FileSystemLoader(folder) for folder in overrides), PrefixLoader({"builtin": own}), own])
    # Immutable: a template could otherwise change the data that its output is compared with.
    result = ImmutableSandboxedEnvironment(
        loader=loader,
        bytecode_cache=Compiled(),
        undefined=StrictUndefined,
        autoescape=False,  # the outputs are YAML and text, never HTML
        **SYNTAX,
    )
    result.filters["yaml"] = _yaml
    result.filters["literal_yaml"] = partial(_yaml, interpolated=False)
    result.filters["comment"] = _comment
    return result


def _yaml(value: Any, indent: int = 0, *, interpolated: bool = True) -> str:
    """A value. A `Shared` one is written out here, with its anchor. `interpolated`: Compose interpolates the file."""
    here = Anchored(value.name, value.value) if isinstance(value, Shared) else value
    return emit(here, indent=indent, interpolated=interpolated)


def _comment(value: Any) -> str:
    """Text that is safe in a comment: on one line, without control characters."""
    return "".join(character if character.isprintable() else " " for character in str(value))


def overrides(project: Path, templates: Path | None) -> Sequence[Path]:
    """Folders that are searched for a template before edgegen's own."""
    if templates is not None and not templates.is_dir():
        raise UsageError(f"`{templates}` is not a folder")
    return [folder for folder in (templates, project / "templates") if folder is not None and folder.is_dir()]


def schema(name: str = "edge") -> bytes:
    """The JSON Schema of `edge.yaml`, generated from the models; or another published schema."""
    return (builtin_templates() / "schema" / f"{name}.schema.json").read_bytes()
