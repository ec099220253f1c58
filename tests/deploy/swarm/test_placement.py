"""Constraints that no node meets, or only nodes that don't take tasks: told before anything is deployed."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from edgegen.core.errors import RefusedError
from edgegen.deploy import steps
from edgegen.deploy.backends.base import Asked, Start
from edgegen.deploy.swarm.nodes import NodeSeen
from edgegen.deploy.swarm.placement import fitting, placement_notices, placement_problems
from edgegen.deploy.swarm.stack_file import Service, StackFile
from tests.deploy.swarm.scene import EDGE_LABEL, Notes, backend, manager, stack
from tests.fakes.swarm import labelled

ONE = NodeSeen("id-one-1", "one", "manager", labels={"zone": "east", "disk": "SSD"})
TWO = NodeSeen("id-two-2", "two", "worker", labels={"zone": "west"})
NODES = (ONE, TWO)


@pytest.mark.parametrize(
    ("constraints", "names"),
    [
        (["node.labels.zone == east"], "one"),
        (["node.labels.zone==west"], "two"),
        (["node.labels.disk == ssd"], "one"),
        (["node.labels.Disk == ssd"], ""),
        (["node.labels.zone != east"], "two"),
        (["node.labels.gpu != true"], "one two"),
        (["node.labels.gpu == true"], ""),
        (["node.hostname == two"], "two"),
        (["node.hostname != two", "node.role == manager"], "one"),
        (["node.id == id-two-2"], "two"),
        (["node.role == worker", "node.labels.zone == east"], ""),
        (["node.platform.os == windows"], "one two"),
        (["node.ip == 10.0.0.0/8"], "one two"),
        (["engine.labels.kernel == new"], "one two"),
        (["nonsense"], "one two"),
    ],
)
def test_the_nodes_that_meet_constraints(constraints: list[str], names: str) -> None:
    """A label that a node does not have is empty, values ignore case, and what is not known here may be met."""
    assert " ".join(node.hostname for node in fitting(constraints, NODES)) == names


def said(service: Service, *nodes: NodeSeen, **pinned: NodeSeen) -> list[str]:
    found = placement_problems(StackFile("shop", (service,)), nodes or NODES, pinned)
    return [f"{problem.path}: {problem.message} ({problem.hint})" for problem in found]


@pytest.mark.parametrize(
    ("constraints", "which", "hint"),
    [
        (
            ("node.labels.zone == eastt", "node.role == manager"),
            "`node.labels.zone == eastt`",
            "did you mean `zone=east`? `docker node update --label-add zone=eastt NODE` gives a node the label",
        ),
        (
            ("node.labels.gpu == true",),
            "`node.labels.gpu == true`",
            "`docker node update --label-add gpu=true NODE` gives a node the label",
        ),
        (("node.hostname == twoo",), "`node.hostname == twoo`", "did you mean `two`?"),
        (("node.hostname == mars-7",), "`node.hostname == mars-7`", "the nodes are one, two"),
        (
            ("node.role == worker", "node.labels.zone == east"),
            "`node.role == worker` and `node.labels.zone == east`",
            "each is met by a node, and all of them by none",
        ),
    ],
)
def test_what_no_node_meets_is_named(constraints: tuple[str, ...], which: str, hint: str) -> None:
    whole = (
        f"services.app.deploy.placement.constraints: no node of the swarm meets {which}: the swarm would take the"
        f" service, and never start it ({hint})"
    )
    assert said(Service("app", constraints=constraints)) == [whole]


def test_what_is_no_fault() -> None:
    gpu = ("node.labels.gpu == true",)
    label = "edgegen.shop.data"
    held = Service("db", labels=frozenset({label}), constraints=(f"node.labels.{label} == true",))
    assert said(Service("app")) == []
    assert said(Service("app", constraints=gpu, is_off=True)) == []
    assert said(held, **{label: TWO}) == [], "the start labels this node"
    assert said(held) == [], "nobody knows the node yet, and that is another obstacle"


def test_nodes_that_do_not_take_tasks_now_are_a_remark() -> None:
    east = StackFile("shop", (Service("app", constraints=("node.labels.zone == east",)),))
    away = NodeSeen("id-one-1", "one", "manager", availability="drain", labels=ONE.labels)
    other = NodeSeen("id-3", "three", labels=ONE.labels, state="down")
    assert list(placement_notices(east, [away, other, TWO], {})) == [
        "`app` can't start at present: none of the nodes that it may run on takes tasks: `one` (drain), `three` (down)"
    ]
    assert list(placement_problems(east, [away, other, TWO], {})) == []
    assert list(placement_notices(east, [away, ONE], {})) == []


def test_up_deploys_nothing_that_no_node_can_run(tmp_path: Path) -> None:
    app = {"image": "app:1", "deploy": {"placement": {"constraints": ["node.labels.disk == sdd"]}}}
    swarm = manager(config=stack(services={**stack()["services"], "app": app}), nodes=[labelled("one", EDGE_LABEL)])
    with pytest.raises(RefusedError, match=r"no node of the swarm meets `node\.labels\.disk == sdd`"):
        steps.up(backend(tmp_path, swarm), Notes(), Start(30), Asked())
    assert swarm.called("stack", "deploy") == []


SMALL, LARGE = (replace(node, cpus=cpus, memory=cpus << 30) for node, cpus in ((ONE, 2), (TWO, 8)))


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (Service("app", cpus=8, memory=8 << 30), ""),
        (
            Service("app", cpus=8.5),
            "8.5 CPUs are reserved for each task, and no node that may run it has more than 8",
        ),
        (
            Service("app", memory=64 << 30),
            "65,536 MiB of memory are reserved for each task, and no node that may run it has more than 8,192 MiB",
        ),
        (
            Service("app", memory=4 << 30, constraints=("node.role == manager",)),
            "4,096 MiB of memory are reserved for each task, and no node that may run it has more than 2,048 MiB",
        ),
        (Service("app", cpus=99, is_off=True), ""),
    ],
)
def test_what_is_reserved_must_be_there(service: Service, words: str) -> None:
    found = list(placement_problems(StackFile("shop", (service,)), [SMALL, LARGE], {}))
    assert [(problem.path, problem.message) for problem in found] == (
        [
            (
                "services.app.deploy.resources.reservations",
                f"{words}: the swarm would take the service, and never start it",
            )
        ]
        if words
        else []
    )


def test_nodes_whose_size_is_unknown_may_have_it() -> None:
    large = Service("app", cpus=64, memory=1 << 40)
    assert said(large) == []
    assert said(large, SMALL, TWO) == []
    assert len(said(large, SMALL, LARGE)) == 2


def test_reservations_and_sizes_are_read_from_what_docker_prints(tmp_path: Path) -> None:
    reserved = {"reservations": {"cpus": "2.5", "memory": "68719476736"}}
    app = {"image": "app:1", "deploy": {"resources": reserved}}
    size = {"NanoCPUs": 2000000000, "MemoryBytes": 25325268992}
    swarm = manager(config=stack(services={"app": app}), nodes=[labelled("one", EDGE_LABEL, resources=size)])
    made = backend(tmp_path, swarm)
    found = [problem.message.partition(":")[0] for problem in made.preflight(made.read(), Asked()).problems]
    assert found == [
        "2.5 CPUs are reserved for each task, and no node that may run it has more than 2",
        "65,536 MiB of memory are reserved for each task, and no node that may run it has more than 24,152 MiB",
    ]
