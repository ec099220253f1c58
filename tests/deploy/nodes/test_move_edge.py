"""move-edge: the certificates first, then the label; and what is refused before either."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgegen.core.errors import OutsideError, RefusedError
from edgegen.deploy.nodes.session import Session
from edgegen.project import swarm_nodes
from tests.fakes.swarm import service
from tests.fakes.swarm_hosts import FakeHosts, FakeNode

S = "of one"
LABEL = "edgegen.shop.edge"
STORED = json.dumps(
    {"letsencrypt": {"Certificates": [{"domain": {"main": "a.example.com"}}], "key": "PRIVATE"}}
).encode()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text("name: shop\ntarget: swarm\nservices: {}\n")
    return tmp_path


def shop(**two: str) -> FakeHosts:
    """The edge on the first of three managers."""
    hosts = FakeHosts.of(
        FakeNode("one", S, "manager", labels={LABEL: "true"}, volumes={"shop_acme": STORED}),
        FakeNode("two", S, **{"role": "manager", **two}),
        FakeNode("six", S, "manager"),
    )
    mounts = [{"Type": "volume", "Source": "shop_acme", "Target": "/acme"}]
    hosts.edge = service("traefik", "shop", image="traefik:v3.7", mounts=mounts)
    return hosts


def move(hosts: FakeHosts, project: Path, host: str = "ssh://two", **more: bool) -> Session:
    run = Session(hosts.engine, "ssh://one", more.pop("dry_run", False))
    swarm_nodes.move_edge(run, project, None, host, "", force=more.pop("force", False), wait=1)
    return run


def test_the_certificates_go_before_the_label(project: Path) -> None:
    hosts = shop()
    run = move(hosts, project)
    assert hosts.nodes["ssh://two"].volumes["shop_acme"] == STORED
    changes = hosts.changes()
    written = next(at for at, line in enumerate(changes) if line.startswith("ssh://two cp --archive -"))
    assert changes[-2:] == [
        f"ssh://one node update --label-add {LABEL}=true id-two",
        f"ssh://one node update --label-rm {LABEL} id-one",
    ]
    assert written < len(changes) - 2
    assert hosts.containers == [], "no helper is left"
    assert "copied acme.json with 1 certificates to the new node" in run.lines
    assert "PRIVATE" not in str(run.lines) + str(hosts.ran) + "".join(order.line() for order in run.orders)


def test_a_second_run_has_nothing_to_do(project: Path) -> None:
    hosts = shop()
    move(hosts, project)
    before = len(hosts.changes())
    assert move(hosts, project).lines == ["two runs the edge of shop already"]
    assert len(hosts.changes()) == before


def test_an_older_copy_on_the_new_node_is_replaced(project: Path) -> None:
    hosts = shop()
    hosts.nodes["ssh://two"].volumes["shop_acme"] = b'{"letsencrypt": {"Certificates": null}}'
    move(hosts, project)
    assert hosts.nodes["ssh://two"].volumes["shop_acme"] == STORED


def test_a_move_that_was_interrupted_between_the_labels_is_finished(project: Path) -> None:
    hosts = shop()
    hosts.nodes["ssh://two"].labels[LABEL] = "true"
    move(hosts, project)
    assert [node.name for node in hosts.nodes.values() if LABEL in node.labels] == ["two"]


def test_a_dry_run_reads_and_writes_nothing(project: Path) -> None:
    hosts = shop()
    run = move(hosts, project, dry_run=True)
    assert hosts.changes() == []
    lines = [order.line() for order in run.orders]
    assert "DOCKER_HOST=ssh://one docker cp CONTAINER:/acme/acme.json -" in lines
    assert lines[-1] == f"DOCKER_HOST=ssh://one docker node update --label-rm {LABEL} id-one"


@pytest.mark.parametrize(
    ("two", "said"),
    [
        ({"role": "worker"}, "two is a worker"),
        ({"availability": "drain"}, "can't run the edge: it is `ready`, and set to `drain`"),
    ],
)
def test_a_node_that_can_not_run_it_is_refused(two: dict[str, str], said: str, project: Path) -> None:
    hosts = shop(**two)
    with pytest.raises(RefusedError, match=said):
        move(hosts, project)
    assert hosts.changes() == []


def test_an_acme_json_that_is_none_is_not_carried(project: Path) -> None:
    hosts = shop()
    hosts.nodes["ssh://one"].volumes["shop_acme"] = b"[]"
    with pytest.raises(OutsideError, match="not what Traefik writes"):
        move(hosts, project)
    assert LABEL not in hosts.nodes["ssh://two"].labels
    assert hosts.nodes["ssh://two"].volumes == {}


def test_an_old_node_that_does_not_answer_is_left_only_by_force(project: Path) -> None:
    hosts = shop()
    run = Session(hosts.engine, "ssh://six")  # the old node's address is no host that anyone knows
    hosts.nodes[f"ssh://{hosts.nodes['ssh://one'].address}"] = FakeNode("other")
    with pytest.raises(RefusedError, match="one stores the certificates, and its engine was not found") as caught:
        swarm_nodes.move_edge(run, project, None, "ssh://two", "", force=False, wait=1)
    assert "--from ssh://" in caught.value.problems[0].hint
    swarm_nodes.move_edge(run, project, None, "ssh://two", "", force=True, wait=1)
    assert [node.name for node in hosts.members(S) if LABEL in node.labels] == ["two"]
    assert "without the certificates of one" in run.lines[0]


def test_a_project_that_is_no_stack(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text("name: shop\nservices: {}\n")
    with pytest.raises(RefusedError, match="target is `compose`"):
        move(shop(), tmp_path)
