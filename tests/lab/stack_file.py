"""A stack file as a question to the oracle: what `docker stack` reads of it, and the dynamic files that it mounts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from tests.lab.oracle import BINARY, OracleAnswer, Project, ask_about
from tests.lab.oracle_engine import SWARM
from tests.lab.parsers import stack_config

Data = dict[str, Any]
DYNAMIC = PurePosixPath("/etc/traefik/dynamic")


def swarm_project(
    stack: Path, name: str, dynamic: Path, variables: Mapping[str, str] | None = None, *, one_host: bool = True
) -> Project:
    """The stack of this name. `dynamic`: a folder that is made, for what Traefik finds in its own."""
    data = {**stack_config(stack, variables), "name": name}
    return as_project(data, dynamic, one_host=one_host)


def as_project(data: Data, dynamic: Path, *, one_host: bool = True) -> Project:
    """What `docker stack` has read, by its name."""
    dynamic.mkdir()
    for file, target in _dynamic_files(data):
        if file.exists():
            shutil.copyfile(file, dynamic / target)
    return Project(data, dynamic, one_host, SWARM)


def ask_swarm(
    stack: Path, name: str, dynamic: Path, variables: Mapping[str, str] | None = None, *, binary: Path = BINARY
) -> OracleAnswer:
    """Traefik's answer to one stack."""
    return ask_about([swarm_project(stack, name, dynamic, variables)], binary=binary)


def _dynamic_files(data: Data) -> Iterator[tuple[Path, str]]:
    """(file, name in Traefik's folder) of the configs that are mounted there."""
    for use in data["services"].get("traefik", {}).get("configs") or []:
        target = PurePosixPath(use.get("target") or f"/{use['source']}")
        if target.parent == DYNAMIC:
            yield Path(data["configs"][use["source"]]["file"]), target.name
