"""Templates -> files. The tree under `templates/project` is the tree of the project: nothing is registered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.errors import SpecError
from edgegen.desired.build import Desired
from edgegen.desired.socket_proxy import CONFIG, SOCKET_PROXY, socket_proxy_rights, with_config
from edgegen.render.check import same_as_model
from edgegen.render.environment import builtin_templates, environment
from edgegen.target_names import TARGETS
from edgegen.targets import Contents, find_target

SUFFIX = ".j2"
DYNAMIC = "traefik/dynamic/"
FRAME = f"partials/frame{SUFFIX}"
"""The template for the file of a target that doesn't have its own."""
NOTHING = Contents()


class RenderedFile(Struct, frozen=True):
    """One file of the project directory, as text."""

    path: str
    text: str


class Origin(Struct, frozen=True):
    """What a file was rendered from, for its header."""

    digest: str
    version: str
    environment: str | None = None
    """The overlay's name; None for the spec without an overlay."""


def render(
    desired: Desired, origin: Origin, overrides: Sequence[Path] = (), contents: Contents = NOTHING
) -> list[RenderedFile]:
    """Every file that the templates make for this spec; output of only white space is not a file.

    `contents`: of the files that services mount, besides those that are rendered.
    Raises SpecError for a user's template that fails, or whose output is not the model.
    """
    jinja = environment(overrides)
    paths = template_paths(overrides)
    texts: dict[str, str] = {}
    own = desired.target.file_name
    data = desired.file.data()
    # A header that changes with the spec would be another config, and so another Traefik.
    of_others = replace(origin, digest="") if desired.target.files_are_sent else origin
    for path in _besides(own, paths):
        texts |= _written(jinja, path, desired, _context(desired, of_others, data))
    # Last, for it may name what the others hold.
    file = with_config(desired.file, texts.get(CONFIG, ""))
    desired = replace(desired, file=desired.target.translated(file, contents.and_texts(texts)))
    context = _context(desired, origin, desired.file.data())
    texts |= _written(jinja, own, desired, context, "" if own in paths else FRAME)
    return [RenderedFile(path, texts[path]) for path in sorted(texts)]


def _written(jinja: Any, path: str, desired: Desired, context: dict[str, Any], template: str = "") -> dict[str, str]:
    """One file, checked; none where its template has no output."""
    text = _rendered(jinja, path, context, template)
    if text.strip():
        _check(path, text, desired, context)
        return {path: text}
    if path in _with_data(desired):
        raise SpecError(f"the template of `{path}` has no output", hint="remove your template to use edgegen's own")
    return {}


def _besides(own: str, paths: Sequence[str]) -> list[str]:
    """The paths without any target's file: only the file of one target is rendered.

    The other targets are loaded only for a file that may be theirs: that takes its time.
    """
    others = [path for path in paths if path != own]
    if all("/" in path for path in others):
        return others
    files = {target.file_name for name in TARGETS if (target := find_target(name))}
    return [path for path in others if path not in files]


def _with_data(desired: Desired) -> set[str]:
    proxy = {CONFIG} if SOCKET_PROXY in desired.file.services else set()
    return {desired.target.file_name, *proxy, *(f"{DYNAMIC}{name}" for name in desired.dynamic)}


def template_paths(overrides: Sequence[Path] = ()) -> list[str]:
    """Paths of the files that have a template, relative to the project, in order."""
    paths: set[str] = set()
    for root in (*overrides, builtin_templates()):
        folder = root / "project"
        found = folder.rglob(f"*{SUFFIX}") if folder.is_dir() else ()
        paths.update(file.relative_to(folder).as_posix().removesuffix(SUFFIX) for file in found)
    for path in sorted(paths):
        if path.split("/")[0] in _NO_TEMPLATES or path.endswith("/htpasswd"):
            raise SpecError(f"`{path}` can't have a template: this file is created once, and never rendered")
    return sorted(paths)


_NO_TEMPLATES = frozenset({"edge.yaml", ".gitignore", ".dockerignore", ".edgegen", "acme", "secrets"})


def _context(desired: Desired, origin: Origin, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "spec": desired.spec,
        "file": desired.file,
        "data": data,
        "shared_keys": [f"x-{part.name}" for part in desired.file.shared],
        "notes": desired.notes,
        "dynamic": desired.dynamic,
        "rights": socket_proxy_rights(desired.target),
        "override": next(iter(desired.target.overrides), ""),
        "digest": origin.digest,
        "version": origin.version,
        "environment": origin.environment,
    }


def _rendered(jinja: Any, path: str, context: dict[str, Any], template: str = "") -> str:
    from jinja2 import TemplateError

    try:
        return str(jinja.get_template(template or f"project/{path}{SUFFIX}").render(context))
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f" line {line}" if line else ""
        raise SpecError(
            f"the template `templates/project/{path}{SUFFIX}`{where}: {error.message}",
            hint="remove your template to use edgegen's own",
        ) from None
    except (TypeError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
        raise SpecError(f"the template `templates/project/{path}{SUFFIX}` fails: {error}") from None


def _check(path: str, text: str, desired: Desired, context: dict[str, Any]) -> None:
    if path == desired.target.file_name:
        same_as_model(text, context["data"], path, interpolated=True, override=context["override"])
    elif path.startswith(DYNAMIC) and path.removeprefix(DYNAMIC) in desired.dynamic:
        same_as_model(text, desired.dynamic[path.removeprefix(DYNAMIC)], path, interpolated=False)
