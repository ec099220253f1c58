"""move-edge: the certificates first, then the label; and what is refused before either."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgegen.core.errors import OutsideError, PartialError, RefusedError
from edgegen.deploy.command import Command, Result
from edgegen.deploy.nodes.session import Session
from edgegen.project import swarm_nodes
from tests.deploy.swarm.scene import FakeClock
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


def move(
    hosts: FakeHosts,
    project: Path,
    host: str = "ssh://two",
    source: str = "",
    *,
    dry_run: bool = False,
    force: bool = False,
) -> Session:
    run = Session(hosts.engine, "ssh://one", dry_run, FakeClock())
    swarm_nodes.move_edge(run, project, None, host, source, force=force, wait=1)
    return run


def stored(*names: str) -> bytes:
    return json.dumps({"letsencrypt": {"Certificates": [{"domain": {"main": name}} for name in names]}}).encode()


def marked(hosts: FakeHosts) -> list[str]:
    return [node.name for node in hosts.nodes.values() if LABEL in node.labels]


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


@pytest.mark.parametrize("empty", [b"", b'{"letsencrypt": {"Certificates": null}}'])
def test_an_empty_store_replaces_no_good_one(empty: bytes, project: Path) -> None:
    hosts = shop()
    hosts.nodes["ssh://one"].volumes["shop_acme"] = empty
    hosts.nodes["ssh://two"].volumes["shop_acme"] = STORED
    run = move(hosts, project)
    assert hosts.nodes["ssh://two"].volumes["shop_acme"] == STORED
    assert "one stores no certificates yet" in run.lines
    assert marked(hosts) == ["two"]


def test_a_store_with_more_certificates_is_not_replaced(project: Path) -> None:
    hosts = shop()
    more = stored("a.example.com", "b.example.com")
    hosts.nodes["ssh://two"].volumes["shop_acme"] = more
    with pytest.raises(RefusedError, match="two stores 2 certificates, more than the 1"):
        move(hosts, project)
    assert marked(hosts) == ["one"]
    move(hosts, project, force=True)
    assert marked(hosts) == ["two"]
    assert hosts.nodes["ssh://two"].volumes["shop_acme"] == more


def test_a_damaged_store_is_replaced(project: Path) -> None:
    hosts = shop()
    hosts.nodes["ssh://two"].volumes["shop_acme"] = STORED[:20]
    move(hosts, project)
    assert hosts.nodes["ssh://two"].volumes["shop_acme"] == STORED


@pytest.mark.parametrize(
    "said",
    [
        "error during connect: stderr=no such identity: /home/me/.ssh/old: No such file or directory",
        "Error response from daemon: No such container: x",
    ],
)
def test_a_store_that_was_not_read_is_not_an_empty_one(said: str, project: Path) -> None:
    hosts = shop()
    hosts.nodes["ssh://one"].broken["cp",] = Result(1, "", said)
    with pytest.raises(OutsideError, match="could not be read"):
        move(hosts, project)
    assert marked(hosts) == ["one"]


@pytest.mark.parametrize("force", [False, True])
def test_a_copy_that_was_cut_is_a_change(force: bool, project: Path) -> None:
    hosts = shop()
    hosts.nodes["ssh://two"].broken["cp", "--archive"] = Result(1, "", "connection lost")
    with pytest.raises(PartialError, match="connection lost"):
        move(hosts, project, force=force)
    assert marked(hosts) == ["one"], "the edge does not go on onto a cut file"


def test_a_lost_mark_is_not_passed_over(project: Path) -> None:
    hosts = shop()
    hosts.runs_on = ""
    hosts.nodes["ssh://one"].labels.clear()
    with pytest.raises(RefusedError, match="no node is marked for the edge"):
        move(hosts, project)
    assert marked(hosts) == []
    with pytest.raises(PartialError, match="did not start on two"):  # the fake's edge starts nowhere
        move(hosts, project, source="ssh://one")
    assert hosts.nodes["ssh://two"].volumes["shop_acme"] == STORED


def test_a_lost_mark_while_the_edge_still_runs_there(project: Path) -> None:
    hosts = shop()
    hosts.runs_on = "id-one"
    hosts.nodes["ssh://one"].labels.clear()
    with pytest.raises(PartialError, match="did not start on two"):
        move(hosts, project)
    assert hosts.nodes["ssh://two"].volumes["shop_acme"] == STORED


def test_force_moves_an_edge_whose_certificates_are_lost(project: Path) -> None:
    hosts = shop()
    hosts.runs_on = ""
    hosts.nodes["ssh://one"].labels.clear()
    hosts.nodes["ssh://one"].volumes.clear()
    with pytest.raises(PartialError, match="did not start"):
        move(hosts, project, force=True)
    assert marked(hosts) == ["two"]


def test_the_store_of_the_running_edge_is_not_replaced(project: Path) -> None:
    """Both are marked, because the last run failed between the labels; Traefik has ordered another one since."""
    hosts = shop()
    hosts.runs_on = "id-two"
    hosts.nodes["ssh://two"].labels[LABEL] = "true"
    hosts.nodes["ssh://one"].volumes["shop_acme"] = stored("old.example.com", "older.example.com")
    hosts.nodes["ssh://two"].volumes["shop_acme"] = STORED
    move(hosts, project)
    assert hosts.nodes["ssh://two"].volumes["shop_acme"] == STORED
    assert marked(hosts) == ["two"]


def test_a_second_run_waits_for_the_edge_too(project: Path) -> None:
    hosts = shop()
    hosts.runs_on = ""
    for kind in (PartialError, OutsideError):
        with pytest.raises(kind, match="did not start on two within 1 seconds"):
            move(hosts, project)
    hosts.runs_on = "id-two"
    assert move(hosts, project).lines == ["two runs the edge of shop already"]


def test_a_stack_that_is_down_keeps_its_certificates(project: Path) -> None:
    hosts = shop()
    hosts.edge = None
    with pytest.raises(RefusedError, match="only be copied while the stack is up"):
        move(hosts, project)
    assert marked(hosts) == ["one"]
    hosts.nodes["ssh://one"].volumes.clear()
    move(hosts, project)
    assert move(hosts, project).lines == ["two is marked for the edge of shop already"]


def test_an_old_node_without_an_address_is_not_guessed(project: Path) -> None:
    hosts = shop()
    hosts.nodes["ssh://one"].known_address = False
    run = Session(hosts.engine, "ssh://six")
    with pytest.raises(RefusedError, match="its engine was not found"):
        swarm_nodes.move_edge(run, project, None, "ssh://two", "", force=False, wait=1)
    assert {host for host, _ in hosts.ran} == {"ssh://two", "ssh://six"}


@pytest.mark.parametrize("odd", [b'{"le": {"Certificates": 5}}', b'{"le": {"Certificates": {"a": 1}}}', b"[" * 200_000])
def test_an_odd_store_is_refused_in_words(odd: bytes, project: Path) -> None:
    hosts = shop()
    hosts.nodes["ssh://one"].volumes["shop_acme"] = odd
    with pytest.raises(OutsideError, match="not what Traefik writes"):
        move(hosts, project)


def test_a_store_is_read_as_far_as_cert_list_reads_it(project: Path) -> None:
    hosts = shop()
    limits: list[int] = []

    class Watched:
        def __init__(self, host: str) -> None:
            self.engine = hosts.engine(host)

        def run(self, command: Command) -> Result:
            if command.argv[1] == "cp" and command.argv[-1] == "-":
                limits.append(command.most)
            return self.engine.run(command)

    run = Session(Watched, "ssh://one")  # type: ignore[arg-type]
    swarm_nodes.move_edge(run, project, None, "ssh://two", "", force=False, wait=1)
    assert set(limits) == {64 << 20}


def test_an_election_is_waited_for(project: Path) -> None:
    hosts = shop()
    broken = hosts.nodes["ssh://one"].broken
    leaderless = Result(1, "", "Error response from daemon: rpc error: The swarm does not have a leader")
    broken["node", "ls"] = broken["node", "update"] = leaderless
    seen: list[float] = []

    def elect(now: float) -> None:
        seen.append(now)
        if now > 10:
            broken.clear()

    run = Session(hosts.engine, "ssh://one", clock=FakeClock(then=elect))
    swarm_nodes.move_edge(run, project, None, "ssh://two", "", force=False, wait=1)
    assert marked(hosts) == ["two"]
    assert seen[-1] > 10


@pytest.mark.parametrize("state", ["down", "unknown"])
def test_a_lost_node_is_not_asked_unless_it_is_named(project: Path, state: str) -> None:
    """The edge is down until it has moved, and a host that is lost answers after a minute, with nothing."""
    hosts = shop()
    one = hosts.nodes["ssh://one"]
    one.heard = state
    run = Session(hosts.engine, "ssh://two", clock=FakeClock())
    with pytest.raises(RefusedError, match="its engine was not found") as caught:
        swarm_nodes.move_edge(run, project, None, "ssh://two", "", force=False, wait=1)
    assert "`--force` moves the edge without them" in caught.value.problems[0].hint
    assert {host for host, _ in hosts.ran} == {"ssh://two"}
    swarm_nodes.move_edge(run, project, None, "ssh://two", "ssh://one", force=False, wait=1)
    assert hosts.nodes["ssh://two"].volumes["shop_acme"] == STORED
