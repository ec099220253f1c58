"""For whom files are written."""

from __future__ import annotations

import pytest

from edgegen.lint.model import Mode
from edgegen.lint.reader.project import read_project
from tests.lint.text_disk import TextDisk

LABELLED = "services:\n  web:\n    image: x\n    labels: [traefik.enable=true]\n"
DEPLOYED = "services:\n  web:\n    image: x\n    deploy: {labels: {traefik.enable: 'true'}}\n"
CASES = {
    "labels": ("compose.yml", LABELLED, Mode.COMPOSE),
    "labels in deploy": ("docker-compose.yml", DEPLOYED, Mode.SWARM),
    "neither": ("docker-compose.yml", "services: {web: {image: x}}", Mode.COMPOSE),
    "a stack by its name": ("docker-stack.yml", "services: {web: {image: x}}", Mode.SWARM),
    "another": ("web.stack.yaml", "services: {web: {image: x}}", Mode.SWARM),
    "a swarm's network and placement": (
        "docker-compose.yml",
        "services: {web: {image: x, deploy: {placement: {constraints: [node.role == manager]}}}}\n"
        "networks: {n: {driver: overlay}}\n",
        Mode.SWARM,
    ),
    "the provider decides": (
        "docker-compose.yml", LABELLED + "  t: {image: 'traefik:v3.7', command: [--providers.swarm=true]}\n",
        Mode.SWARM,
    ),
    "the old provider decides": (
        "docker-compose.yml", LABELLED + "  t: {image: 'traefik:v2.11', command: --providers.docker.swarmMode}\n",
        Mode.SWARM,
    ),
    "Docker's provider decides": (
        "docker-compose.yml", DEPLOYED + "  t: {image: 'traefik:v3.7', command: [--providers.docker=true]}\n",
        Mode.COMPOSE,
    ),
    "deploy.labels in a file that no stack can be": (
        "docker-compose.yml",
        DEPLOYED + "    container_name: web\n    network_mode: host\n  b: {build: ., restart: always}\n"
        "  c: {image: c, profiles: [x]}\n",
        Mode.UNCLEAR,
    ),
    "both sides": ("docker-compose.yml", LABELLED + "    deploy: {labels: [traefik.a=b]}\n", Mode.UNCLEAR),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_mode(name: str) -> None:
    file, text, mode = CASES[name]
    project = read_project([file], TextDisk({file: text}), folder="site")
    assert project.mode is mode
    assert (project.name is None) == (mode is not Mode.COMPOSE)
