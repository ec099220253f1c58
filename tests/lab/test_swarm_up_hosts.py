"""A stack on three managers, deployed from a fourth place over ssh: it names the nodes, and says what stays there."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.lab.authority import Authority
from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.hosts import Hosts
from tests.lab.swarm_project import SwarmProject, give_account
from tests.lab.swarm_sights import any_manager_explains, certificates_are_where_the_edge_is
from tests.lab.waiting import until
from tests.sizes import is_proof

HOST = "www.shop.test"
SPEC = """\
name: shop
target: swarm
acme: {email: ops@shop.test}
domains: {shop.test: {provider: none}}
services:
  web:
    image: lab/app:1
    port: 80
    host: www.shop.test
    healthcheck: {test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:80/"], interval: 1s}
    deploy: {replicas: 3, placement: {max_replicas_per_node: 1}}
  db:
    image: lab/app:1
    volumes: [data:/data]
volumes: {data: {}}
"""
ENCRYPTED = """\
name: shop
target: swarm
acme: {email: ops@shop.test}
services:
  db: {image: "lab/app:1", networks: [private]}
networks: {private: {encrypted: true}}
"""


@pytest.fixture
def shop(swarm: Hosts, street_authority: Authority, tmp_path: Path) -> SwarmProject:
    """The project, not started yet; its folder is on no host."""
    project = SwarmProject(swarm.street, street_authority, tmp_path / "project")
    project.write(SPEC)
    for image in ("lab/app:1", "traefik:v3.7", "haproxy:3.2-alpine"):
        swarm.ensure(image)
    return project


def test_from_elsewhere_over_ssh(swarm: Hosts, shop: SwarmProject) -> None:
    one, two, three = swarm
    shop.authority.point(HOST, two.address)
    shop.render()
    give_account(two.ground, shop.folder)
    there = ("--host", one.url)
    asked = shop.edgegen("up", *there, code=3).stderr
    assert "no node is marked for the edge, and there are 3 to choose from: host1, host2, host3" in asked
    assert "no node is marked for volume `data`" in asked
    shop.edgegen("up", *there, "--wait", "120", "--edge-node", "host2", "--volume-node", f"data={three.address}")
    wait_for_certificate(shop.ground, HOST, address=two.address)
    wait_for_status(Client(shop.ground, shop.root, address=two.address), HOST, 200)
    status = json.loads(shop.edgegen("status", *there, "--json").stdout)
    of = {name: sorted(row["node"] for row in status["services"] if row["service"] == name) for name in ("web", "db")}
    assert of == {"web": ["host1", "host2", "host3"], "db": ["host3"]}
    assert {row["node"] for row in status["services"] if row["service"] == "traefik"} == {"host2"}
    certificates_are_where_the_edge_is(shop, HOST, two, one)
    any_manager_explains(shop, HOST, three, "shop_web", "host1", "host2", "host3")
    refused = shop.edgegen("up", *there, "--edge-node", "host3", code=3).stderr
    assert "the edge is on node `host2`, not on `host3`" in refused
    two.docker("node", "update", "--label-add", "edgegen.shop.edge=true", "host3")
    assert "host2 and host3 are both marked for the edge" in shop.edgegen("up", *there, code=3).stderr
    two.docker("node", "update", "--label-rm", "edgegen.shop.edge", "host3")
    said = shop.edgegen("down", *there, "--volumes", "--yes").stderr
    assert "volume `shop_acme` stays on node `host2`" in said
    assert "volume `shop_data` stays on node `host3`" in said
    networks = ("network", "ls", "-q", "--filter", "label=com.docker.stack.namespace=shop")
    assert one.docker(*networks) == ""
    for host in (two, three):  # an engine that was not asked may notice a moment later
        until(f"no network is left on {host.name}", lambda host=host: host.docker(*networks) == "")


if is_proof():  # it takes two minutes, and `tests/deploy/swarm` tries each of its outcomes

    def test_an_encrypted_network_is_proven_before_it_is_used(swarm: Hosts, shop: SwarmProject) -> None:
        """The kernel of the lab has no ESP: the engine takes such a network, and nothing passes."""
        shop.write(ENCRYPTED)
        there = ("--host", swarm[0].url, "--edge-node", "host1")
        refused = shop.edgegen("up", *there, code=3).stderr
        assert "the encrypted network `private` would carry nothing" in refused
        assert swarm[0].docker("service", "ls", "-q") == ""
        left = swarm[0].docker("network", "ls", "--filter", "driver=overlay", "--format", "{{.Name}}").split()
        assert left == ["ingress"]
        _the_same_proof_passes_without_encryption(swarm)


def _the_same_proof_passes_without_encryption(swarm: Hosts) -> None:
    """What fails above is the encryption, and not the proof."""
    one = swarm[0]
    one.docker("network", "create", "--driver", "overlay", "--attachable", "plain")
    for number, name in enumerate(("server", "client")):
        words = ["--ping=true", "--entrypoints.traefik.address=:8080"]
        if name == "client":
            words = ["healthcheck", "--ping=true", f"--entrypoints.traefik.address={_address(swarm)}:8080"]
        one.docker("service", "create", "--detach", "--quiet", "--no-resolve-image", "--name", name,
                   "--network", "plain", "--endpoint-mode", "dnsrr", "--constraint", f"node.hostname==host{number + 1}",
                   "--restart-condition", "none", "traefik:v3.7", *words)  # fmt: skip
        _until_state(swarm, name, "Running" if name == "server" else "Complete")


def _address(swarm: Hosts) -> str:
    task = swarm[0].docker("service", "ps", "-q", "server").split()[0]
    attached = json.loads(swarm[0].docker("inspect", "--type", "task", task))[0]["NetworksAttachments"]
    return str(attached[0]["Addresses"][0]).partition("/")[0]


def _until_state(swarm: Hosts, service: str, state: str) -> None:
    end = time.monotonic() + 60
    while state not in (seen := swarm[0].docker("service", "ps", service, "--format", "{{.CurrentState}}")):
        assert time.monotonic() < end, seen
        time.sleep(0.3)
