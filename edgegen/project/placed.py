"""Problems of a started stack, with their lines in edge.yaml: what starts it does not know the spec."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from edgegen.core.errors import EdgegenError, Problem
from edgegen.core.location import Path
from edgegen.spec.load import LoadedSpec


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
    path = _known(loaded, tuple(problem.path.split("."))) if problem.path and not problem.where else ()
    return replace(problem, where=loaded.locate(path)) if path else problem


def _known(loaded: LoadedSpec, path: Path) -> Path:
    """As much of the path as the spec has: Traefik and its socket proxy are services that it does not name."""
    section, *rest = path
    if section not in ("services", "networks", "volumes", "secrets", "configs"):
        return path if section in type(loaded.spec).model_fields else ()
    return path if rest and rest[0] in getattr(loaded.spec, str(section)) else ()
