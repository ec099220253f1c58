"""`edgegen swarm` on three hosts, from a fourth place over ssh, as its user would."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests.lab.argvs import watch_argvs
from tests.lab.forked import edgegen
from tests.lab.hosts import Host, Hosts
from tests.lab.waiting import until

TOKEN = re.compile(r"SWMTKN-1-\w+-\w+")


class Caller:
    """Runs `edgegen swarm …` on the street, and keeps everything that it wrote."""

    def __init__(self, hosts: Hosts, folder: Path) -> None:
        self.hosts = hosts
        self.folder = folder
        self.written = ""

    def __call__(self, *words: str, code: int = 0) -> str:
        done = edgegen(self.hosts.street, "swarm", *words, "-C", self.folder)
        self.written += done.stdout + done.stderr
        assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return str(done.stdout + done.stderr)


@pytest.fixture
def swarm_of(hosts: Hosts, tmp_path: Path) -> Caller:
    return Caller(hosts, tmp_path)


def test_three_managers_from_nothing_twice_with_the_same_end_and_no_token_anywhere(swarm_of: Caller) -> None:
    one, two, three = swarm_of.hosts
    seen: set[str] = set()
    ends = []
    with watch_argvs(seen):
        for _ in range(2):
            swarm_of("init", one.url, "--advertise", one.address, "-v")
            swarm_of("join", two.url, three.url, "--host", one.url, "-v")
            assert set(_managers(one)) <= {"host1", "host2", "host3"}
            swarm_of("join", two.url, three.url, "--manager", "--host", one.url, "-v")
            ends.append(_nodes(one))
    assert _managers(one) == ["host1", "host2", "host3"]
    assert ends[0] == ends[1], "a second run changes nothing"
    tokens = {one.docker("swarm", "join-token", "-q", role).strip() for role in ("worker", "manager")}
    assert len(tokens) == 2
    everything = swarm_of.written + "".join(seen) + _logs(swarm_of.hosts)
    assert len([line for line in seen if "dial-stdio" in line]) >= 2, "the sampler sees what runs"
    assert not TOKEN.findall(everything)
    assert not [token for token in tokens if token in everything]


def test_the_sampler_catches_a_token_that_is_an_argument(hosts: Hosts) -> None:
    """Planted: what `docker swarm join --token` shows to everyone on its host."""
    one, two, _ = hosts
    one.docker("swarm", "init", "--advertise-addr", one.address)
    token = one.docker("swarm", "join-token", "-q", "worker").strip()
    seen: set[str] = set()
    with watch_argvs(seen):
        hosts.ssh(two, f"docker swarm join --token {token} {one.address}:2377")
    assert [line for line in seen if token in line]


def test_two_managers_are_refused_and_nothing_is_changed(swarm_of: Caller) -> None:
    one, two, _ = swarm_of.hosts
    swarm_of("init", one.url, "--advertise", one.address)
    said = swarm_of("join", two.url, "--manager", "--host", one.url, code=3)
    assert "the swarm would have 2 managers" in said
    assert _state(two) == "inactive"
    swarm_of("join", two.url, "--host", one.url)
    assert "2 managers" in swarm_of("join", two.url, "--manager", "--host", one.url, code=3), "promotion is counted too"
    assert _managers(one) == ["host1"]


def test_two_addresses_on_an_interface_are_both_named(swarm_of: Caller) -> None:
    one = swarm_of.hosts[0]
    one.ground.run("ip", "address", "add", "10.99.0.21/24", "dev", "eth0")
    try:
        said = swarm_of("init", one.url, code=3)
        assert "multiple addresses on interface eth0 (10.99.0.11 and 10.99.0.21)" in said
        for address in ("10.99.0.11", "10.99.0.21"):
            assert f"`edgegen swarm init {one.url} --advertise {address}`" in said
        assert _state(one) == "inactive"
        swarm_of("init", one.url, "--advertise", "10.99.0.21")
        assert "as 10.99.0.21, not 10.99.0.11" in swarm_of("init", one.url, "--advertise", "10.99.0.11", code=3)
    finally:
        one.ground.run("ip", "address", "del", "10.99.0.21/24", "dev", "eth0")


def test_a_dry_run_prints_commands_and_changes_nothing(swarm_of: Caller) -> None:
    one, two, _ = swarm_of.hosts
    said = swarm_of("init", one.url, "--dry-run")
    assert said == f"DOCKER_HOST={one.url} docker swarm init\n"
    assert _state(one) == "inactive"
    swarm_of("init", one.url, "--advertise", one.address)
    lines = swarm_of("join", two.url, "--host", one.url, "--dry-run").splitlines()
    assert lines[0] == f"DOCKER_HOST={one.url} docker swarm join-token --quiet worker"
    assert lines[1].startswith(f"DOCKER_HOST={two.url} docker system dial-stdio  # reads POST /swarm/join")
    assert _state(two) == "inactive"


def test_a_host_of_another_swarm_and_one_that_manages_none_are_refused(swarm_of: Caller) -> None:
    one, two, three = swarm_of.hosts
    assert "is not in a swarm" in swarm_of("join", two.url, "--host", one.url, code=3)
    swarm_of("init", one.url, "--advertise", one.address)
    swarm_of("init", two.url, "--advertise", two.address)
    said = swarm_of("join", two.url, three.url, "--host", one.url, code=3)
    assert "is a manager of another swarm" in said
    assert _state(three) == "inactive", "every host is asked before one joins"
    swarm_of("join", three.url, "--host", two.url)
    assert "is a worker of its swarm" in swarm_of("nodes", "--host", three.url, code=3)


def test_draining_and_activating(swarm_of: Caller) -> None:
    hosts = swarm_of.hosts
    one, two, three = hosts
    hosts.form(managers=1)
    hosts.ensure("lab/app:1")
    one.docker("service", "create", "--quiet", "--name", "web", "--replicas", "3", "--no-resolve-image", "lab/app:1")
    one.docker("node", "update", "--label-add", "edgegen.shop.edge=true", "host2")
    said = swarm_of("drain", two.url, "--host", one.url, code=3)
    assert "runs the edge of shop" in said
    assert "edgegen swarm move-edge" in said
    for _ in range(2):
        swarm_of("drain", three.url, "--host", one.url)
        assert not three.docker("ps", "-q").split(), "it returns when no task runs there"
    assert _nodes(one)["host3"]["availability"] == "drain"
    swarm_of("drain", two.url, "--force", "--host", one.url)
    _wait_for_three(one)
    for _ in range(2):
        swarm_of("activate", "host3", "--host", one.url)
    assert _nodes(one)["host3"]["availability"] == "active"
    rows = json.loads(swarm_of("nodes", "--json", "--host", one.url))["nodes"]
    assert [(row["node"], row["availability"], row["edges"]) for row in rows] == [
        ("host1", "active", []), ("host2", "drain", ["shop"]), ("host3", "active", []),
    ]  # fmt: skip


def _logs(hosts: Hosts) -> str:
    files = [
        path for ground in (hosts.street, *(host.ground for host in hosts)) for path in ground.folder.glob("*.log")
    ]
    assert len(files) >= 7, "three engines, three sshds, the street"
    return "".join(path.read_text(errors="replace") for path in files)


def _nodes(host: Host) -> dict[str, dict[str, str]]:
    words = (sys.executable, "-m", "edgegen", "swarm", "nodes", "--json")
    done = host.ground.run(*words)
    return {row["node"]: row for row in json.loads(done.stdout)["nodes"]}


def _wait_for_three(host: Host) -> None:
    until("three tasks", lambda: len(host.docker("ps", "-q").split()) == 3)


def _managers(host: Host) -> list[str]:
    return sorted(host.docker("node", "ls", "--filter", "role=manager", "--format", "{{.Hostname}}").split())


def _state(host: Host) -> str:
    return host.docker("info", "--format", "{{.Swarm.LocalNodeState}}").strip()
