"""What a swarm's manager tells, as values. The shapes were recorded on a real one, which the lab asks too."""

from __future__ import annotations

import pytest

from edgegen.core.errors import OutsideError
from edgegen.deploy.command import Result
from edgegen.deploy.model import Published
from edgegen.deploy.swarm.asking import network_names
from edgegen.deploy.swarm.nodes import Membership, NodeSeen, labelled, membership, nodes
from edgegen.deploy.swarm.services import ServiceSeen, UpdateSeen, services
from edgegen.deploy.swarm.tasks import TaskSeen, tasks
from tests.fakes import swarm
from tests.fakes.swarm import FakeSwarm


def test_a_node() -> None:
    fake = FakeSwarm(nodes=[swarm.labelled("one", "edgegen.web.edge")])
    (found,) = nodes(fake)
    assert found == NodeSeen(
        "node-one", "one", "manager", "active", "ready", "10.99.0.1", {"edgegen.web.edge": "true"},
        is_leader=True, reachability="reachable",
    )  # fmt: skip
    assert found.is_manager
    assert labelled([found], "edgegen.web.edge") == (found,)
    assert labelled([found], "edgegen.shop.edge") == ()


def test_a_worker_has_no_manager_status() -> None:
    worker = swarm.node("two", spec={"Labels": None, "Role": "worker", "Availability": "drain"}, manager=None)
    (found,) = nodes(FakeSwarm(nodes=[worker]))
    assert (found.is_manager, found.is_leader, found.reachability, found.availability) == (False, False, "", "drain")


@pytest.mark.parametrize(
    ("own", "advertised", "address"),
    [
        ("10.99.0.1", "10.0.0.9:2377", "10.99.0.1"),
        ("0.0.0.0", "198.51.100.7:2377", "198.51.100.7"),
        ("", "[2001:db8::7]:2377", "2001:db8::7"),
        ("", "", ""),
    ],
)
def test_a_manager_that_does_not_know_its_address_advertises_one(own: str, advertised: str, address: str) -> None:
    seen = swarm.node(status={"State": "ready", "Addr": own}, manager={"Leader": True, "Addr": advertised})
    (found,) = nodes(FakeSwarm(nodes=[seen]))
    assert found.address == address


def test_membership() -> None:
    assert membership(FakeSwarm(nodes=[swarm.node()])) == Membership("active", True, "node-one", "10.99.0.1")
    alone = membership(FakeSwarm(is_manager=False))
    assert (alone.state, alone.is_manager) == ("inactive", False)


def test_an_engine_that_is_no_manager() -> None:
    with pytest.raises(OutsideError, match=r"not a manager of a swarm") as error:
        nodes(FakeSwarm(is_manager=False))
    assert "docker swarm init --advertise-addr" in str(error.value.problems[0].hint)


def test_a_service() -> None:
    seen = swarm.service(
        "app",
        labels={"traefik.enable": "true"},
        container_labels={"x": "y"},
        mode={"Replicated": {"Replicas": 3}},
        update={"State": "paused", "StartedAt": "2026-01-01T00:00:02Z", "Message": "update paused due to failure"},
        placement={"Constraints": ["node.labels.edgegen.web.data == true"]},
        endpoint={"Mode": "dnsrr", "Ports": [{"Protocol": "udp", "TargetPort": 53, "PublishedPort": 5353},
                                             {"Protocol": "tcp", "TargetPort": 80}]},
        args=["--entrypoints.web.address=:80"],
        command=["/bin/traefik"],
        mounts=[{"Type": "volume", "Source": "web_acme", "Target": "/acme"}],
        secrets=[{"SecretID": "s1", "SecretName": "web-users-1"}],
        configs=[{"ConfigID": "c1", "ConfigName": "web-tls-1"}],
        stop_signal="SIGURG",
        health={"Test": ["CMD", "true"]},
        variables=["PASSWORD", None],
        settings=["TRAEFIK_PROVIDERS_SWARM_CONSTRAINTS=Label(`a`,`b`)", None],
    )  # fmt: skip
    (found,) = services(FakeSwarm(services=[seen]))
    assert found == ServiceSeen(
        id="service-app", name="web_app",
        labels={"com.docker.stack.image": "app:1", "com.docker.stack.namespace": "web", "traefik.enable": "true"},
        container_labels={"com.docker.stack.namespace": "web", "x": "y"}, image="app:1", replicas=3,
        update=UpdateSeen("paused", "update paused due to failure", "2026-01-01T00:00:02Z"),
        networks=("n-edge",),
        constraints=("node.labels.edgegen.web.data == true",), ports=(Published(5353, "udp"),),
        args=("/bin/traefik", "--entrypoints.web.address=:80"), variables=frozenset({"PASSWORD"}),
        settings={"TRAEFIK_PROVIDERS_SWARM_CONSTRAINTS": "Label(`a`,`b`)"}, mounts={"/acme": "web_acme"}, restart="any",
        secrets=("web-users-1",), configs=("web-tls-1",), stop_signal="SIGURG", is_checked=True,
    )  # fmt: skip
    assert (found.stack, found.short_name, found.is_traefik) == ("web", "app", True)


@pytest.mark.parametrize(
    ("mode", "name", "replicas"),
    [({"Global": {}}, "global", 0), ({"ReplicatedJob": {"MaxConcurrent": 2}}, "replicatedjob", 2),
     ({"GlobalJob": {}}, "globaljob", 0), ({}, "replicated", 1)],
)  # fmt: skip
def test_modes(mode: dict[str, object], name: str, replicas: int) -> None:
    (found,) = services(FakeSwarm(services=[swarm.service("app", mode=mode)]))
    assert (found.mode, found.replicas) == (name, replicas)


def test_a_stack_is_asked_for_by_its_label() -> None:
    fake = FakeSwarm(services=[swarm.service("app"), swarm.service("app2", "shop")])
    assert [item.name for item in services(fake, "shop")] == ["shop_app2"]
    assert [item.name for item in services(fake)] == ["shop_app2", "web_app"]


def test_tasks() -> None:
    fake = FakeSwarm(
        services=[swarm.service("app")],
        tasks=[
            swarm.task("app", 1),
            swarm.task("app", 2, state="rejected", desired="ready", error="No such image: app:2"),
            swarm.task("app", 3, state="pending", error="no suitable node (…)", node="", networks=None),
            swarm.task("app", 4, state="shutdown", desired="shutdown"),
            swarm.task("other", 5),
        ],
    )
    shut, pending, rejected, running = tasks(fake, services(fake))
    assert running == TaskSeen(
        "task-app-1", "service-app", "running", "running", "node-one", 1, message="started", container="c-app-1",
        image="app:1", since="2026-01-01T00:00:01Z", created="2026-01-01T00:00:01Z",
        networks={"web_edge": "10.0.2.3"},
    )  # fmt: skip
    assert (running.serves, running.is_coming, running.has_failed) == (True, False, False)
    assert (rejected.has_failed, rejected.error, rejected.is_wanted) == (True, "No such image: app:2", True)
    assert (pending.is_coming, pending.node, pending.networks) == (True, "", {})
    assert (shut.is_wanted, shut.serves) == (False, False)


def test_a_service_that_was_removed_meanwhile_is_passed_over() -> None:
    gone = Result(1, "task-app-1\n", "no such service: x")
    fake = FakeSwarm(tasks=[swarm.task("app")], scripted={("service", "ps"): gone})
    assert [task.id for task in tasks(fake, [ServiceSeen("service-app", "web_app")])] == ["task-app-1"]
    broken = FakeSwarm(scripted={("service", "ps"): Result(1, "", "the swarm does not have a leader")})
    with pytest.raises(OutsideError, match=r"does not have a leader"):
        tasks(broken, [ServiceSeen("service-app", "web_app")])


@pytest.mark.parametrize("kind", ["service", "node"])
@pytest.mark.parametrize(
    "said",
    [
        "error during connect: ssh: kex_exchange_identification: Connection reset by peer",
        "no such identity: /home/me/.ssh/old: No such file or directory\nConnection reset by peer",
        "Error: no such service: x\nerror during connect: EOF",
        "",
    ],
)
def test_an_engine_that_does_not_answer_has_not_said_that_there_is_nothing(kind: str, said: str) -> None:
    fake = FakeSwarm(
        nodes=[swarm.node()], services=[swarm.service("app")], scripted={(kind, "inspect"): Result(1, "", said)}
    )
    with pytest.raises(OutsideError, match=f"`docker {kind} inspect` failed"):
        services(fake) if kind == "service" else nodes(fake)
    fake.scripted = {("service", "ps"): Result(1, "", said)}
    with pytest.raises(OutsideError, match="`docker service ps --quiet --no-trunc` failed"):
        tasks(fake, [ServiceSeen("service-app", "web_app")])


@pytest.mark.parametrize("said", ["Error: no such service: x", "Error response from daemon: service abc not found"])
def test_docker_says_what_is_gone_in_two_ways(said: str) -> None:
    fake = FakeSwarm(services=[swarm.service("app")], scripted={("service", "inspect"): Result(1, "\n", said)})
    assert services(fake) == ()


def test_many_services_are_asked_for_in_pieces() -> None:
    fake = FakeSwarm(services=[swarm.service(f"s{number}") for number in range(250)])
    assert len(services(fake)) == 250
    assert [len(words) - 4 for words in fake.asked if words[:2] == ("service", "inspect")] == [100, 100, 50]


def test_networks() -> None:
    assert network_names(FakeSwarm()) == {"n-edge": "web_edge", "n-other": "web_other"}


@pytest.mark.parametrize("answer", ['{"id": "x", "labels": 7}', "[1]", "oops", '{"id": "x", "mode": []}'])
def test_an_answer_that_can_not_be_read(answer: str) -> None:
    fake = FakeSwarm(services=[swarm.service("app")], scripted={("service", "inspect"): Result(0, answer)})
    with pytest.raises(OutsideError):
        services(fake)
