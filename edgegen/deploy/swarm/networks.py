"""The networks of a swarm: services name them by their ids."""

from __future__ import annotations

from edgegen.deploy.answers import Reader
from edgegen.deploy.engine import ask
from edgegen.deploy.runner import Executor

_NETWORK = Reader("docker network ls")


def network_names(runner: Executor) -> dict[str, str]:
    """The id of each network -> its real name. Raises OutsideError."""
    answer = ask(runner, "docker", "network", "ls", "--no-trunc", "--format", "{{json .}}")
    rows = _NETWORK.rows(answer, "the networks")
    return {_NETWORK.text(row.get("ID"), "ID"): _NETWORK.text(row.get("Name"), "Name") for row in rows}
