"""From a project directory to the picture of what it renders. Nothing is written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from edgegen.desired.build import build
from edgegen.files.values import Values
from edgegen.graph.build import graph
from edgegen.graph.model import Graph
from edgegen.project.checked import checked, refuse_unrendered
from edgegen.spec.load import load
from edgegen.spec.resolve import resolve


def picture(
    project: Path, environment: str | None, *, environ: Mapping[str, str] = os.environ, everything: bool = False
) -> Graph:
    """The picture of a project in an environment. Raises SpecError where a render would."""
    loaded = load(project, environment)
    refuse_unrendered(loaded)
    checked(loaded, resolve(loaded, Values(project, environ)).spec)
    return graph(build(loaded.spec), loaded.environment or "", everything=everything)
