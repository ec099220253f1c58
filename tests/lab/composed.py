"""A Compose file that edgegen did not render, started by Compose as it is."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.images import ensure
from tests.lab.parts import program

_PROJECT = "composed"


def up(ground: Ground, folder: Path, text: str) -> None:
    """Provide its images, which serve their own ports alone, and start it."""
    path = folder / "docker-compose.yml"
    path.write_text(text)
    for service in yaml.safe_load(text)["services"].values():
        ensure(ground, service["image"])
    words = ("-p", _PROJECT, "--project-directory", folder, "-f", path)
    ground.run(program("docker-compose"), *words, "up", "-d", seconds=240)


def container(ground: Ground, service: str) -> str:
    """The id of a service's container."""
    return docker(ground, "ps", "-aq", "--filter", f"label=com.docker.compose.service={service}").strip()
