"""From a project directory to the picture of what it renders. Nothing is written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import EdgegenError
from edgegen.desired.build import build
from edgegen.files.beside import texts_beside
from edgegen.files.values import Values
from edgegen.graph.build import graph
from edgegen.graph.model import Graph
from edgegen.project.checked import checked, refuse_unrendered
from edgegen.spec.load import LoadedSpec, load
from edgegen.spec.resolve import resolve


class Drawn(Struct, frozen=True):
    """A project by name, and its picture if there is one."""

    name: str
    environment: str
    graph: Graph | None


def picture(
    project: Path, environment: str | None, *, environ: Mapping[str, str] = os.environ, everything: bool = False
) -> Graph:
    """The picture of a project in an environment. Raises SpecError where a render would."""
    return _picture(project, load(project, environment), environ, everything=everything)


def drawn(project: Path, environment: str | None, *, with_picture: bool = True) -> Drawn:
    """The project for a report: one that a render refuses, or whose `.env` can't be read here, has no picture."""
    loaded = load(project, environment)
    found = None
    with suppress(EdgegenError):
        found = _picture(project, loaded, os.environ) if with_picture else None
    return Drawn(loaded.spec.name, loaded.environment or "", found)


def _picture(project: Path, loaded: LoadedSpec, environ: Mapping[str, str], *, everything: bool = False) -> Graph:
    refuse_unrendered(loaded)
    values = Values(project, environ)
    checked(loaded, resolve(loaded, values).spec)
    return graph(
        build(loaded.spec, texts_beside(project, loaded.spec, values)), loaded.environment or "", everything=everything
    )
