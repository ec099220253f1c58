"""What lint says of keys that Swarm ignores (EL112, EL113), of a service that docker has deployed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.images import ensure_images
from tests.lab.swarm_project import swarm_of_one
from tests.lab.waiting import until

STACK = """\
services:
  db:
    image: w:1
    networks: [n]
  web:
    image: w:1
    container_name: other
    depends_on: [db]
    devices: ["/dev/null:/dev/mine"]
    domainname: example.com
    env_file: web.env
    environment: {MODE: "${MODE}"}
    external_links: [db]
    ipc: host
    links: ["db:database"]
    mac_address: "02:42:ac:11:65:43"
    network_mode: host
    networks: {n: {ipv4_address: 10.77.0.99}}
    oom_score_adj: 7
    pid: host
    privileged: true
    restart: "no"
    security_opt: ["no-new-privileges:true"]
    shm_size: 128m
    tmpfs: [/cache]
    userns_mode: host
    cgroup_parent: mine
    volumes: ["/tmp:/mine:z"]
networks:
  n: {ipam: {config: [{subnet: 10.77.0.0/24}]}}
"""
TOLD = {
    "cgroup_parent", "devices", "domainname", "external_links", "ipc", "links", "mac_address", "network_mode", "pid",
    "privileged", "restart", "security_opt", "shm_size", "userns_mode", "container_name",
}  # fmt: skip
"""Keys that docker names when it ignores them. The others it drops without a word."""


@pytest.fixture
def swarm(ground: Ground) -> Iterator[Ground]:
    with swarm_of_one(ground) as found:
        yield found


def deploy(swarm: Ground, folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "stack.yml").write_text(text)
    (folder / "web.env").write_text('QUOTED="a b"\nCOMMENTED=a # b\nDOLLAR=$MODE\n')
    (folder / ".env").write_text("MODE=from-dotenv\n")
    ensure_images(swarm, yaml.safe_load(text))
    words = ("stack", "deploy", "--resolve-image", "never", "--detach=true", "-c", "stack.yml", "s")
    return swarm.run("docker", *words, cwd=folder, seconds=120, check=False)


def inspected(swarm: Ground, *words: str) -> dict[str, Any]:
    return dict(json.loads(docker(swarm, *words))[0])


def test_x(swarm: Ground, tmp_path: Path) -> None:
    done = deploy(swarm, tmp_path, STACK)
    print(done.returncode, done.stdout, done.stderr)
    until(lambda: docker(swarm, "ps", "-q", "--filter", "label=com.docker.swarm.service.name=s_web").split(), 30)
    one = docker(swarm, "ps", "-q", "--filter", "label=com.docker.swarm.service.name=s_web").split()[0]
    print(json.dumps(inspected(swarm, "service", "inspect", "s_web")["Spec"], indent=1))
    c = inspected(swarm, "inspect", one)
    print(json.dumps({"h": c["HostConfig"], "n": c["NetworkSettings"], "e": c["Config"]["Env"]}, indent=1))
    for text in (
        "services:\n  a: {build: .}\n",
        "services:\n  a: {image: w:1, networks: [b]}\nnetworks: {b: {driver: bridge}}\n",
        "services:\n  a: {image: w:1, volumes: ['/no/such:/x']}\n",
    ):
        done = deploy(swarm, tmp_path, text)
        print(text, done.returncode, done.stdout, done.stderr)
    assert 0
