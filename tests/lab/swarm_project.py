"""A project for a swarm in the lab: `edgegen up` deploys what it has rendered, and Compose is not asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.lab import account
from tests.lab.engine import docker, sweep
from tests.lab.ground import Ground
from tests.lab.stack import Stack


@dataclass
class SwarmProject(Stack):
    """One project directory with `target: swarm`."""

    def write_override(self) -> None:
        """There is no override on a swarm."""

    @property
    def compose(self) -> dict[str, Any]:
        """The rendered stack file."""
        return dict(yaml.safe_load((self.folder / "stack.yml").read_text()))

    def status(self, env: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What `status --json` says, whatever its exit code."""
        return dict(json.loads(self.run("status", "--json", env=env).stdout))

    def inspect(self, service: str) -> dict[str, Any]:
        """A service as the engine has it."""
        found: list[dict[str, Any]] = json.loads(docker(self.ground, "service", "inspect", service))
        return found[0]


def give_account(ground: Ground, folder: Path) -> None:
    """Put an ACME account into the volume of a rendered stack whose edge is going to be started on this engine."""
    name = yaml.safe_load((folder / "edge.yaml").read_text())["name"]
    volume = f"{name}_acme"
    docker(ground, "volume", "create", "--label", f"com.docker.stack.namespace={name}", volume)
    store = Path(docker(ground, "volume", "inspect", "--format", "{{.Mountpoint}}", volume).strip()) / "acme.json"
    store.touch(0o600)
    account.give(store, yaml.safe_load((folder / "stack.yml").read_text())["services"]["traefik"])


@contextmanager
def swarm_of_one(ground: Ground) -> Iterator[Ground]:
    """The lab's engine as the only node of a swarm, and as it was before at the end."""
    docker(ground, "swarm", "init", "--advertise-addr", ground.address)
    try:
        yield ground
    finally:
        sweep(ground)
