"""What would change: on the disk by a render, or between two environments of one spec. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from edgegen import __version__
from edgegen.core.errors import Problem
from edgegen.desired.build import Desired, build
from edgegen.files import Difference, check_outputs, diff_outputs
from edgegen.files.beside import texts_beside
from edgegen.files.difference import unified
from edgegen.files.values import Values
from edgegen.project.checked import checked, refuse_unrendered
from edgegen.project.naming import naming
from edgegen.project.render import Prepared
from edgegen.render.environment import overrides
from edgegen.render.files import Origin, render
from edgegen.secrets.generated import path as secret_path
from edgegen.spec import BASE
from edgegen.spec.load import load
from edgegen.spec.resolve import resolve
from edgegen.targets.contents import text_path


class Sketch(Struct, frozen=True):
    """What one environment renders; for secrets, only their sources."""

    name: str
    files: Mapping[str, str]
    secrets: Mapping[str, object]
    warnings: tuple[Problem, ...]


def sketch(
    project: Path, environment: str | None, *, environ: Mapping[str, str], templates: Path | None = None
) -> Sketch:
    """Everything that an environment renders, as text. Raises SpecError as a render would."""
    loaded = load(project, environment)
    refuse_unrendered(loaded)
    values = Values(project, environ)
    warnings = checked(loaded, resolve(loaded, values).spec)
    desired = build(loaded.spec, texts_beside(project, loaded.spec, values))
    named = naming(project, loaded, desired, values, (), compared=True)
    # The header's digest and name would differ in every file, and say nothing of what it holds.
    texts = render(desired, Origin("", __version__), overrides(project, templates), named.contents)
    files = {file.path: file.text for file in texts} | (dict(_texts(desired)) if desired.target.files_are_sent else {})
    return Sketch(loaded.environment or BASE, files, dict(_secrets(desired)), tuple(warnings))


def _texts(desired: Desired) -> Iterator[tuple[str, str]]:
    """Texts of configs as the spec has them: the value of a variable may be a secret."""
    for name, source in desired.spec.configs.items():
        if source.content is not None:
            yield text_path(name), source.content


def _secrets(desired: Desired) -> Iterator[tuple[str, object]]:
    for name, source in desired.secrets.items():
        yield secret_path(name), (source.model_dump_json(), desired.secret_modes.get(name))
    for env_file in desired.env_files:
        yield (
            env_file.path,
            sorted((key, name, str(desired.secrets.get(name))) for key, name in env_file.variables.items()),
        )
    for secret_file in desired.secret_files:
        yield secret_file.path, secret_file.lines
    for users in desired.users_files:
        yield users.path, sorted(users.users)


def differences(before: Sketch, after: Sketch) -> tuple[Difference, ...]:
    """Every file that is not the same in both, by path."""
    return tuple(_differences(before, after))


def _differences(before: Sketch, after: Sketch) -> Iterator[Difference]:
    for path in sorted({*before.files, *after.files, *before.secrets, *after.secrets}):
        old, new = _content(before, path), _content(after, path)
        if old is None:
            yield Difference(path, "missing", f"is rendered for `{after.name}` only")
        elif new is None:
            yield Difference(path, "stale", f"is rendered for `{before.name}` only")
        elif old != new:
            secret = " (a secret, not shown)" if path in after.secrets else ""
            yield Difference(path, "content", f"differs{secret}")


def diff(before: Sketch, after: Sketch) -> str:
    """A unified diff from one environment to the other; for secrets it only says that they differ."""
    lines: list[str] = []
    for item in differences(before, after):
        if item.path in before.secrets or item.path in after.secrets:
            lines.append(f"{item.path}: {item.detail}")
        else:
            old, new = (_bytes(side, item.path) for side in (before, after))
            lines += unified(item.path, old, new, sides=(before.name, after.name))
    return "".join(f"{line}\n" for line in lines)


def differences_on_disk(project: Path, prepared: Prepared) -> tuple[Difference, ...]:
    """What writing would change."""
    return (*check_outputs(project, prepared.outputs), *_lacking(prepared))


def _lacking(prepared: Prepared) -> list[Difference]:
    return [Difference(item.path, "content", "lacks users that the spec names") for item in prepared.completed]


def diff_on_disk(project: Path, prepared: Prepared) -> str:
    """A unified diff from the disk to what would be written; for secrets it only says that they differ."""
    lacking = "".join(f"{item.path}: {item.detail}\n" for item in _lacking(prepared))
    return diff_outputs(project, prepared.outputs) + lacking


def _content(side: Sketch, path: str) -> object | None:
    return side.files.get(path, side.secrets.get(path))


def _bytes(side: Sketch, path: str) -> bytes | None:
    return side.files[path].encode() if path in side.files else None
