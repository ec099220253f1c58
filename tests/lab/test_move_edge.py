"""The edge of a running stack moves to another host, and shows the same certificate there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.authority import Authority
from tests.lab.clients import wait_for_certificate, wait_for_status
from tests.lab.hosts import Host, Hosts
from tests.lab.street_stack import StreetStack
from tests.lab.swarm_project import give_account

HOSTS = ("www.example.com", "api.example.com")
SPEC = """\
name: shop
target: swarm
acme: {email: ops@example.com}
domains: {example.com: {provider: none, addresses: [10.99.0.11]}}
services:
  web: {image: "lab/app:1", port: 80, host: www.example.com}
  api: {image: "lab/app:1", port: 80, host: api.example.com}
"""


@pytest.fixture
def shop(swarm: Hosts, street_authority: Authority, tmp_path: Path) -> StreetStack:
    found = StreetStack.on(swarm, street_authority, tmp_path / "project")
    found.write(SPEC)
    return found


def test_an_edge_moves_with_its_certificates(shop: StreetStack, proof: bool) -> None:
    one, two, _ = shop.all
    orders = shop.authority.orders()
    one.docker("node", "update", "--label-add", "edgegen.shop.edge=true", "host1")
    shop.render()
    give_account(one.ground, shop.folder)
    shop.up()
    before = _serials(shop, one)
    assert shop.authority.orders() - orders == len(HOSTS)
    assert "runs the edge of shop" in shop.swarm("drain", one.url, code=3).stderr

    planned = shop.swarm("move-edge", two.url, "--dry-run").stdout
    assert planned.index("docker cp") < planned.index("--label-add") < planned.index("--label-rm")
    assert _edge_hosts(shop) == ["host1"], "a dry run moves nothing"

    said = shop.swarm("move-edge", two.url)
    assert "edgegen dns sync" in said.stderr
    assert "PRIVATE KEY" not in said.stdout + said.stderr
    assert _edge_hosts(shop) == ["host2"]
    assert _serials(shop, two) == before, "the same certificates"
    assert shop.authority.orders() - orders == len(HOSTS), "none is ordered again"
    wait_for_status(shop.client(two), HOSTS[0], 200)
    for host in (one, two):
        assert not host.docker("ps", "-aq", "--filter", "status=created").split(), "no helper container is left"
    assert "already" in shop.swarm("move-edge", two.url).stderr
    if not proof:
        return

    # An older copy lies on the first host: the running edge's counts, back there too.
    shop.swarm("move-edge", one.url)
    assert _serials(shop, one) == before
    assert shop.authority.orders() - orders == len(HOSTS)


def _serials(shop: StreetStack, host: Host) -> dict[str, int]:
    """The certificate that each name shows on a host; none is Traefik's own stand-in."""
    return {name: wait_for_certificate(shop.ground, name, address=host.address).serial_number for name in HOSTS}


def _edge_hosts(shop: StreetStack) -> list[str]:
    return [host for host, _ in shop.tasks("traefik")]
