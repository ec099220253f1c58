"""drain, activate, and what the labels of a node say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from edgegen.compose.swarm_names import edge_node_label, edge_stack, volume_node_label, volume_of_label
from edgegen.core.errors import RefusedError
from edgegen.deploy.command import Result
from edgegen.deploy.nodes.session import Session
from edgegen.project import swarm_nodes
from tests.deploy.swarm.scene import FakeClock
from tests.fakes.swarm import service, task
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


def scripted(hosts: FakeHosts, *tasks: dict[str, Any]) -> dict[tuple[str, ...], Result]:
    """A service of three tasks, and what the manager lists of them."""
    web = service("web", "shop", mode={"Replicated": {"Replicas": 3}})
    broken = hosts.nodes["ssh://one"].broken
    broken[("service", "ls")] = Result(0, "service-web\n")
    broken[("service", "inspect")] = Result(0, json.dumps(web))
    broken[("service", "ps")] = Result(0, "".join(f"{item['id']}\n" for item in tasks))
    broken[("inspect", "--type", "task")] = Result(0, "\n".join(map(json.dumps, tasks)))
    return broken


NOWHERE = "no suitable node (max replicas per node limit exceed; 1 node not available for new tasks)"


def drained(hosts: FakeHosts, clock: FakeClock) -> list[str]:
    session = Session(hosts.engine, "ssh://one", clock=clock)
    swarm_nodes.drain(session, "two", force=False, wait=1)
    return session.lines[1:]


def test_what_no_other_node_takes_is_told() -> None:
    hosts, clock = hosts_with(), FakeClock()
    here = [task("web", 1), task("web", 2, slot=2)]
    waiting = task("web", 3, state="pending", node="")
    broken = scripted(hosts, *here, waiting)
    decided = {**waiting, "status": {**waiting["status"], "Err": NOWHERE}}

    def decide(at: float) -> None:
        if at >= 2:
            broken[("inspect", "--type", "task")] = Result(0, "\n".join(map(json.dumps, [*here, decided])))

    clock.then = decide
    assert drained(hosts, clock) == [f"shop_web runs 2 of 3 tasks now, and no node takes another: {NOWHERE}"]
    assert clock.at == 2, "the scheduler needs a moment"


def test_what_runs_or_starts_elsewhere_is_no_remark() -> None:
    hosts, clock = hosts_with(), FakeClock()
    past = task("web", 4, state="shutdown", desired="shutdown", error=NOWHERE, slot=1)
    scripted(hosts, task("web", 1), task("web", 2), task("web", 3, state="preparing"), past)
    assert drained(hosts, clock) == []
    assert clock.at == 0


def test_a_scheduler_that_says_nothing_is_not_waited_for_long() -> None:
    hosts, clock = hosts_with(), FakeClock()
    scripted(hosts, task("web", 1, state="pending", node=""))
    assert drained(hosts, clock) == []
    assert clock.at == 10


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
