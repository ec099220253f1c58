"""What lint says of keys that Swarm ignores (EL112, EL113), of a service that docker has deployed."""

from __future__ import annotations

import json
import re
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
from tests.lint.support import found, project

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
"""Keys that docker names when it ignores them."""
SILENT = {"tmpfs", "depends_on", "oom_score_adj", "ipv4_address", "z"}
WITHOUT: dict[str, Any] = {
    "NetworkMode": "default", "IpcMode": "private", "PidMode": "", "Links": None, "OomScoreAdj": 0, "Privileged": False,
    "SecurityOpt": None, "UsernsMode": "", "ShmSize": 64 << 20, "CgroupParent": "", "Devices": None,
}  # fmt: skip


def labelled(text: str) -> str:
    """The stack with a service that only a swarm's Traefik would route to: then lint knows what it is."""
    return text.replace("services:", "services:\n  t: {image: w:1, deploy: {labels: [traefik.enable=true]}}")


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


def container(swarm: Ground) -> str:
    """The container of the task of `web`."""
    words = ("ps", "-q", "--filter", "label=com.docker.swarm.service.name=s_web")
    return until("a task of web", lambda: docker(swarm, *words).split())[0]


def test_docker_takes_the_keys_and_the_container_is_without_them(swarm: Ground, tmp_path: Path) -> None:
    assert {line.split("`")[1] for line in found(project(labelled(STACK)), "EL112")} == TOLD | SILENT
    done = deploy(swarm, tmp_path, STACK)
    assert done.returncode == 0
    told = re.search("Ignoring unsupported options: (.*)", done.stderr)
    assert told and {*told[1].split(", "), *re.findall("^(container_name):", done.stderr, re.M)} == TOLD
    seen = inspected(swarm, "inspect", container(swarm))
    host, network = seen["HostConfig"], seen["NetworkSettings"]["Networks"]["s_n"]
    assert {key: host[key] for key in WITHOUT} == WITHOUT
    assert "/cache" not in {mount["Destination"] for mount in seen["Mounts"]}
    assert seen["Mounts"][0]["Mode"] == "" and seen["Config"]["Domainname"] == ""
    assert network["IPAddress"] != "10.77.0.99" and network["MacAddress"] != "02:42:ac:11:65:43"
    assert not seen["Name"].startswith("/other")


def test_variables_are_those_of_the_shell_and_an_env_file_is_taken_as_it_is(swarm: Ground, tmp_path: Path) -> None:
    assert deploy(swarm, tmp_path, STACK).stderr.count("MODE") == 0
    variables = inspected(swarm, "inspect", container(swarm))["Config"]["Env"]
    assert {"MODE=", 'QUOTED="a b"', "COMMENTED=a # b", "DOLLAR=$MODE"} <= set(variables)


@pytest.mark.parametrize(
    ("text", "lint", "docker_says"),
    [
        ("services:\n  a: {build: .}\n", "a service without `image`", "no image specified"),
        (
            "services:\n  a: {image: w:1, networks: [b]}\nnetworks: {b: {driver: bridge}}\n",
            "no service of a swarm can join `b`",
            "cannot be used with services",
        ),
    ],
)
def test_what_fails_only_when_it_is_deployed(
    swarm: Ground, tmp_path: Path, text: str, lint: str, docker_says: str
) -> None:
    (line,) = found(project(labelled(text)), "EL099")
    assert lint in line
    done = deploy(swarm, tmp_path, text)
    assert done.returncode == 1 and docker_says in done.stderr
