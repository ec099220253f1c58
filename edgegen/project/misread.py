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
    """The first line of each file that is not UTF-8, or whose value Swarm would run as a template (`{{…}}`)."""
    for name, service in loaded.spec.containers.items():
        for index, written in enumerate(service.env_file):
            at = ("services", name, "env_file", index)
            path = project / evaluate(written, values).text
            # False for a path that is too long, where Path.is_file() raises.
            if os.path.isfile(path):  # noqa: PTH113  # see above
                for message, hint in _misread(path, written, target):
                    yield Problem(message, loaded.locate(at), path_text(at), hint)


def _misread(path: Path, written: str, target: Target) -> Iterator[tuple[str, str]]:
    lines = read_bounded(path, MAX_BYTES).decode("utf-8", "surrogateescape").splitlines()
    values = {number: line.partition("=")[2] for number, line in enumerate(lines, 1) if line.lstrip()[:1] != "#"}
    if line := next((number for number, value in values.items() if _has_bytes(value)), 0):
        yield f"line {line} of {written} is not UTF-8: the container gets `\ufffd` for its letters", "save it as UTF-8"
    if line := next((number for number, value in values.items() if _differs(value, target)), 0):
        message = f"line {line} of {written} has braces that Swarm runs as a template before the container sees them"
        yield message, 'if it is text, write `{{"{{"}}` for `{{`'


def _has_bytes(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)


def _differs(value: str, target: Target) -> bool:
    rest = value.replace(target.variable("{{"), "")
    return target.variable(rest) != rest


def overlooked(project: Path, target: Target) -> Iterator[Problem]:
    """The first override file of Compose in the project, if nothing of it counts."""
    names = () if target.overrides else OVERRIDES
    if path := next((file for name in names if (file := project / name).is_file()), None):
        yield Problem(
            f"{target.file_name} is deployed without this file: `docker stack` has no override files",
            Location(str(path)),
            hint="move what you need into `extra:` of edge.yaml, and remove the file",
        )
