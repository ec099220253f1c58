"""Files of the user that the target reads in another way than they are written, or not at all."""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Mapping
from pathlib import Path

from edgegen.compose.model import OVERRIDES
from edgegen.core.errors import Problem
from edgegen.core.location import Location, path_text
from edgegen.spec.load import LoadedSpec
from edgegen.spec.variables import evaluate
from edgegen.system.read import read_bounded
from edgegen.targets import Target

MAX_BYTES = 1 << 20


def env_file_remarks(project: Path, loaded: LoadedSpec, target: Target, values: Mapping[str, str]) -> Iterator[Problem]:
    """The first line of each file whose value the target would have to write differently: Swarm runs `{{…}}`."""
    if target.variable("{{") == "{{":
        return
    for name, service in loaded.spec.containers.items():
        for index, written in enumerate(service.env_file):
            at = ("services", name, "env_file", index)
            path = project / evaluate(written, values).text
            # False for a path that is too long, where Path.is_file() raises.
            if os.path.isfile(path) and (line := _differing(path, target)):  # noqa: PTH113  # see above
                yield Problem(
                    f"line {line} of {written} has braces that Swarm runs as a template before the container sees them",
                    loaded.locate(at),
                    path_text(at),
                    'if it is text, write `{{"{{"}}` for `{{`',
                )


def _differing(path: Path, target: Target) -> int:
    """The number of the line; 0 where there is none."""
    lines = read_bounded(path, MAX_BYTES).decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines, 1):
        value = line.partition("=")[2].replace(target.variable("{{"), "")
        if not line.lstrip().startswith("#") and target.variable(value) != value:
            return number
    return 0


def overlooked(project: Path, target: Target) -> Iterator[Problem]:
    """The first override file of Compose in the project, if nothing of it counts."""
    names = () if target.overrides else OVERRIDES
    if path := next((file for name in names if (file := project / name).is_file()), None):
        yield Problem(
            f"{target.file_name} is deployed without this file: `docker stack` has no override files",
            Location(str(path)),
            hint="move what you need into `extra:` of edge.yaml, and remove the file",
        )
