"""Problems of a started stack, with their lines in edge.yaml: what starts it does not know the spec."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec.structs import replace

from edgegen.core.errors import EdgegenError, Problem
from edgegen.core.location import Path, has, path_text
from edgegen.spec.edge import Spec
from edgegen.spec.layers import EDGE
from edgegen.spec.load import LoadedSpec

_SECTIONS = ("services", "networks", "volumes", "secrets", "configs")


@contextmanager
def placed(loaded: LoadedSpec | None) -> Iterator[None]:
    """Give each problem of an error that has a path of the spec, and no place, its place."""
    try:
        yield
    except EdgegenError as error:
        if loaded is not None:
            problems = [_placed(loaded, problem) for problem in error.problems]
            raise type(error)(problems) from error
        raise


def _placed(loaded: LoadedSpec, problem: Problem) -> Problem:
    parts = tuple(int(part) if part.isdecimal() else part for part in problem.path.split("."))
    path = _known(loaded.spec, parts) if problem.path and not problem.where else ()
    return replace(problem, where=loaded.locate(path), path=path_text(path)) if path else problem


def _known(spec: Spec, path: Path) -> Path:
    """Where the spec says it: under an `extra`, which is laid over its own keys, or as much of the path as it has.

    Traefik and its socket proxy are services that it does not name.
    """
    section, *rest = path
    if section in _SECTIONS:
        own = path if rest and rest[0] in getattr(spec, str(section)) else ()
    else:
        own = path if section in type(spec).model_fields else ()
    if own and len(path) < 3:
        return own
    return next((at for extra, below, at in _extras(spec, path) if _has(extra, below)), own)


def _extras(spec: Spec, path: Path) -> Iterator[tuple[Any, Path, Path]]:
    """What is laid over the path, the topmost first: (the data, the path in it, the path in the spec)."""
    yield spec.extra, path, ("extra", *path)
    if path[0] != "services" or len(path) < 3:
        return
    _, name, *rest = path
    if name in spec.services:
        yield spec.services[str(name)].extra, tuple(rest), ("services", name, "extra", *rest)
    if name == EDGE:
        yield spec.edge.extra, tuple(rest), ("edge", "extra", *rest)


def _has(data: Any, path: Path) -> bool:
    for part in path:
        if not has(data, part):
            return False
        data = data[part]
    return True
