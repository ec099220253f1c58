"""drain, activate, and what the labels of a node say."""

from __future__ import annotations

import pytest

from edgegen.compose.swarm_names import edge_node_label, edge_stack, volume_node_label, volume_of_label
from edgegen.core.errors import RefusedError
from edgegen.deploy.nodes.session import Session
from edgegen.project import swarm_nodes
from tests.fakes.swarm_hosts import FakeHosts, FakeNode

S = "of one"


def hosts_with(**labels: str) -> FakeHosts:
    return FakeHosts.of(FakeNode("one", S, "manager"), FakeNode("two", S, labels=dict(labels)))


@pytest.mark.parametrize("host", ["ssh://two", "two", "id-two"])
def test_a_node_is_drained_and_activated_by_any_of_its_names(host: str) -> None:
    hosts = hosts_with()
    for _ in range(2):
        swarm_nodes.drain(Session(hosts.engine, "ssh://one"), host, force=False, wait=1)
    assert hosts.nodes["ssh://two"].availability == "drain"
    for _ in range(2):
        swarm_nodes.activate(Session(hosts.engine, "ssh://one"), host)
    assert hosts.nodes["ssh://two"].availability == "active"
    assert len(hosts.changes()) == 2


def test_the_edges_node_is_drained_only_by_force() -> None:
    hosts = hosts_with(**{"edgegen.shop.edge": "true", "edgegen.blog.edge": "true", "edgegen.old.edge": "false"})
    with pytest.raises(RefusedError, match=r"runs the edge of blog, shop:") as caught:
        swarm_nodes.drain(Session(hosts.engine, "ssh://one"), "two", force=False, wait=1)
    assert "move-edge" in caught.value.problems[0].hint
    assert hosts.changes() == []
    swarm_nodes.drain(Session(hosts.engine, "ssh://one"), "two", force=True, wait=1)
    assert hosts.nodes["ssh://two"].availability == "drain"


def test_the_only_node_that_takes_tasks_is_drained_only_by_force() -> None:
    hosts = hosts_with()
    swarm_nodes.drain(Session(hosts.engine, "ssh://one"), "two", force=False, wait=1)
    with pytest.raises(
        RefusedError, match="no other node takes tasks: everything that runs on one would stop"
    ) as caught:
        swarm_nodes.drain(Session(hosts.engine, "ssh://one"), "one", force=False, wait=1)
    assert "`edgegen swarm drain one --force`" in caught.value.problems[0].hint
    assert hosts.nodes["ssh://one"].availability == "active"
    swarm_nodes.drain(Session(hosts.engine, "ssh://one"), "one", force=True, wait=1)
    swarm_nodes.drain(Session(hosts.engine, "ssh://one"), "one", force=False, wait=1)
    assert hosts.nodes["ssh://one"].availability == "drain"


def test_a_node_that_is_none_of_the_swarm() -> None:
    hosts = FakeHosts.of(FakeNode("one", S, "manager"), FakeNode("two", "of two", "manager"))
    with pytest.raises(RefusedError, match="not a member of this swarm"):
        swarm_nodes.activate(Session(hosts.engine, "ssh://one"), "ssh://two")
    with pytest.raises(RefusedError, match="has no node `ome`") as caught:
        swarm_nodes.activate(Session(hosts.engine, "ssh://one"), "ome")
    assert caught.value.problems[0].hint == "did you mean `one`?"


def test_a_worker_manages_nothing() -> None:
    hosts = hosts_with()
    with pytest.raises(RefusedError, match="ssh://two is a worker"):
        swarm_nodes.rows(Session(hosts.engine, "ssh://two"))


def test_what_a_node_keeps_is_read_from_its_labels() -> None:
    labels = {
        "edgegen.shop.edge": "true",
        "edgegen.shop.db-data": "true",
        "edgegen.shop.x.y": "true",
        "edgegen.owner": "true",
    }
    hosts = hosts_with(**labels)
    row = swarm_nodes.rows(Session(hosts.engine, "ssh://one"))[1]
    assert (row.edges, row.volumes) == (("shop",), ("shop_db-data", "shop_x.y"))


def test_labels_are_read_as_they_are_written() -> None:
    assert edge_stack(edge_node_label("shop")) == "shop"
    assert volume_of_label(edge_node_label("shop")) == ""
    assert volume_of_label(volume_node_label("shop", "a.b")) == "shop_a.b"
    assert edge_stack("com.example.edge") == "" == volume_of_label("com.example.x")
