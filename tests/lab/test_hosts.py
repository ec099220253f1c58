"""The hosts of the lab are machines to each other: addresses, logins, one swarm, a cable; and they leave no trace."""

from __future__ import annotations

import json
import os
import select
import socket
from pathlib import Path

import pytest

from tests.lab.authority import NAME, Authority
from tests.lab.clients import Client
from tests.lab.engine import cache_folder, control_groups, docker
from tests.lab.ground import Ground
from tests.lab.hosts import Host, Hosts, running_hosts

_APP = "lab/app:1"


def test_each_is_a_machine_of_its_own(hosts: Hosts) -> None:
    said = [hosts.ssh(host, "hostname; pwd; docker info --format '{{.Name}} {{.ID}}'").stdout.split() for host in hosts]
    assert [words[:3] for words in said] == [[host.name, str(host.home), host.name] for host in hosts]
    assert len({words[3] for words in said}) == 3, "each has an engine"
    assert hosts.street.run("docker", "-H", hosts[1].url, "info", "--format", "{{.Name}}").stdout.strip() == "host2"


def test_what_is_put_into_a_home_is_gone_with_the_test(three_hosts: Hosts) -> None:
    one = three_hosts[0]
    three_hosts.ssh(one, "mkdir -p a/b; echo x > a/b/c; echo y > d; ln -s / e")
    assert sorted(path.name for path in one.home.iterdir()) == [".ssh", "a", "d", "e"]
    three_hosts.sweep()
    assert [path.name for path in one.home.iterdir()] == [".ssh"]


def test_a_key_that_nobody_knows_is_not_let_in(hosts: Hosts) -> None:
    words = [
        "ssh",
        "-o",
        "BatchMode=yes",
        "-o",
        "IdentitiesOnly=yes",
        "-o",
        "IdentityFile=/nonexistent",
        "-o",
        "ControlPath=none",
        f"root@{hosts[0].address}",
        "true",
    ]
    done = hosts.street.run(*words, check=False)
    assert done.returncode == 255
    assert "Permission denied (publickey)" in done.stderr


def test_tasks_of_a_swarm_reach_each_other_and_answer_on_every_host(swarm: Hosts, street_authority: Authority) -> None:
    swarm.ensure(_APP)
    one = swarm[0]
    one.docker("network", "create", "--driver", "overlay", "between")
    one.docker(
        "service", "create", "--quiet", "--name", "web", "--mode", "global", "--network", "between",
        "--endpoint-mode", "dnsrr", "--publish", "mode=host,target=80,published=80", "--no-resolve-image", _APP,
    )  # fmt: skip
    for host in swarm:
        assert Client(swarm.street, port=80, address=host.address).get("any.test").status == 200
    container = one.docker("ps", "-q", "--filter", "label=com.docker.swarm.service.name=web").strip()
    tasks = _tasks(one)
    assert len(tasks) == 3, tasks
    for address in tasks:
        assert "the lab's application" in one.docker(
            "exec", container, "sh", "-c", f"printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 10 {address} 80"
        )
    one.docker("exec", container, "nc", "-w", "5", NAME, "14000")


def test_a_cut_host_answers_nobody_until_it_is_back(hosts: Hosts) -> None:
    one, two, three = hosts
    with hosts.cut(three):
        for ground in (hosts.street, one.ground):
            with pytest.raises(OSError):
                ground.connect(22, three.address, seconds=1)
            ground.connect(22, two.address).close()
    for ground in (hosts.street, one.ground):
        ground.connect(22, three.address).close()


def test_nothing_of_a_test_is_there_for_the_next(three_hosts: Hosts) -> None:
    three_hosts.form(managers=1)
    one = three_hosts[0]
    one.docker("volume", "create", "left")
    one.docker("network", "create", "--driver", "overlay", "left")
    three_hosts.link(three_hosts[2], "down")
    three_hosts.sweep()
    for host in three_hosts:
        assert host.docker("info", "--format", "{{.Swarm.LocalNodeState}}").strip() == "inactive"
        assert "left" not in host.docker("volume", "ls") + host.docker("network", "ls")
        assert three_hosts.ssh(host, "true").returncode == 0


def test_a_swarm_of_one(one_node: Ground) -> None:
    assert docker(one_node, "node", "ls", "--format", "{{.Status}} {{.ManagerStatus}}").strip() == "Ready Leader"


def test_they_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    links = {name for _, name in socket.if_nameindex()}
    with running_hosts(1) as found:
        found.form()
        first = [os.pidfd_open(ground.pid) for ground in (found.street, found[0].ground)]
        folders = [found.street.folder, found[0].ground.folder]
    assert len(select.select(first, [], [], 0)[0]) == 2, "a ground still runs"
    for handle in first:
        os.close(handle)
    assert not [folder for folder in folders if folder.exists()]
    assert str(tmp_path) not in Path("/proc/mounts").read_text()
    assert {name for _, name in socket.if_nameindex()} == links
    grounds = [cache_folder() / f"ground-{number}" for number in range(2)]
    assert not [group for folder in grounds for group in control_groups(folder)]


def _tasks(host: Host) -> list[str]:
    """The addresses of all tasks of the service."""
    found = json.loads(host.docker("network", "inspect", "--verbose", "between"))[0]["Services"]["web"]["Tasks"]
    return [task["EndpointIP"] for task in found]
