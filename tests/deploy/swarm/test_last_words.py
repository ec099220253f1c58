"""Of what made a start fail, `up` shows the last log lines: of the task that tells most, and of no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import PartialError
from edgegen.deploy import steps
from edgegen.deploy.backends.base import Start
from edgegen.deploy.command import Command, Result
from tests.deploy.swarm.scene import EDGE_LABEL, Manager, Notes, backend, manager
from tests.fakes.swarm import labelled, node, service, task

SAID = (
    "2026-01-01T00:00:03.000000003Z third\n2026-01-01T00:00:01.000000001Z first \x1b[31mred\n"
    "2026-01-01T00:00:02.000000002Z second\nerror from daemon in stream: incomplete\n"
)
BEFORE = [task("edge"), task("app")]
CRASHED = {"state": "failed", "error": "task: non-zero exit (3)", "desired": "shutdown"}


def crashed(number: int, **changes: Any) -> dict[str, Any]:
    """A task whose program has run and ended."""
    found = task("app", number, **{**CRASHED, "slot": 1, **changes})
    found["status"]["ContainerStatus"]["ContainerID"] = f"c-app-{number}"
    return found


def notes_of(folder: Path, swarm: Manager, after: list[dict[str, Any]], **update: Any) -> list[str]:
    """What a start that fails reports; `after` are the tasks of `app` that it leads to."""

    def deployed() -> None:
        swarm.services = [service("edge", "shop"), service("app", "shop", **update)]
        swarm.tasks = [task("edge"), *after]

    swarm.on_deploy = deployed
    notes = Notes()
    with pytest.raises(PartialError):
        steps.up(backend(folder, swarm), notes, Start(30))
    return [note for note in notes if "last log lines" in note or "health check" in note]


def test_the_lines_of_a_program_that_ends_over_and_over(tmp_path: Path) -> None:
    swarm = manager(logs={"task-app-3": SAID, "task-app-2": "2026-01-01T00:00:01Z older\n"})
    waiting = task("app", 4, state="ready", desired="ready", slot=1)
    assert notes_of(tmp_path, swarm, [waiting, crashed(3), crashed(2)]) == [
        "the last log lines of `app` (at most 20):\napp.1  | first \\x1b[31mred\napp.1  | second\napp.1  | third"
    ]
    (asked,) = swarm.called("service", "logs")
    assert asked.argv[3:] == ("--raw", "--timestamps", "--tail", "20", "task-app-3")
    assert asked.timeout == 10, "a node that does not answer keeps the client waiting"


def test_of_several_nodes_it_is_named_where(tmp_path: Path) -> None:
    swarm = manager(nodes=[labelled("one", EDGE_LABEL), node("two")], logs={"task-app-3": SAID})
    (said,) = notes_of(tmp_path, swarm, [crashed(3, node="node-two")])
    assert said.startswith("the last log lines of `app` on node `two` (at most 20):\napp.1  | first")


def test_an_update_that_was_rolled_back_shows_its_own_task_and_not_the_one_that_runs_again(tmp_path: Path) -> None:
    swarm = manager(services=[service("edge", "shop"), service("app", "shop")], tasks=BEFORE)
    swarm.logs = {"task-app-2": SAID}
    back = {"State": "rollback_completed", "Message": "rollback completed"}
    (said,) = notes_of(
        tmp_path, swarm, [task("app", 3, slot=1), crashed(2), task("app", desired="shutdown")], update=back
    )
    assert "third" in said


@pytest.mark.parametrize(
    "after",
    [
        pytest.param([task("app", 2, state="pending", error="no suitable node (insufficient resources on 1 node)",
                           node="", slot=1), task("app")], id="the one of before is well"),
        pytest.param([task("app", 9, state="pending", error="no suitable node (insufficient resources on 1 node)",
                           node="", slot=1), crashed(1)], id="one that failed last week"),
        pytest.param([task("app", 2, state="rejected", error="No such image: app:9")], id="rejected"),
        pytest.param([crashed(3, node="node-gone")], id="its log can't be read"),
    ],
)  # fmt: skip
def test_what_has_nothing_to_say_is_not_shown(tmp_path: Path, after: list[dict[str, Any]]) -> None:
    swarm = manager(services=[service("edge", "shop"), service("app", "shop")], tasks=[task("edge"), *after[-1:]])
    swarm.logs = {"task-app-1": SAID}
    swarm.scripted = {("service", "logs", "--raw", "--timestamps", "--tail", "20", "task-app-3"): Result(1, "", "gone")}
    assert notes_of(tmp_path, swarm, after, mode={"Replicated": {"Replicas": 2}}) == []


def test_what_a_health_check_of_this_node_printed(tmp_path: Path) -> None:
    """The tasks of other nodes are containers of other engines."""
    seen = {"id": "c-app-3", "name": "/shop_app.1.x", "labels": {}, "state": {"Status": "exited", "Health": {
        "Status": "unhealthy", "Log": [{"ExitCode": 1, "Output": "wget: \x1b[31mrefused"}]}}}  # fmt: skip
    unhealthy = crashed(3, error="task: non-zero exit (143): dockerexec: unhealthy container")

    class Local(Manager):
        def run(self, command: Command) -> Result:
            if command.argv[1:3] == ("ps", "--all"):
                self.containers = [seen]
            return super().run(command)

    swarm = Local(nodes=[labelled("one", EDGE_LABEL)], logs={"task-app-3": SAID})
    said = notes_of(tmp_path, swarm, [unhealthy])
    assert said[0] == "the health check of `app` printed: wget: \\x1b[31mrefused"
    assert len(said) == 2


def test_a_sixth_service_is_not_shown(tmp_path: Path) -> None:
    """Whoever breaks what all of them need reads the same five times."""
    names = [f"app{number}" for number in range(7)]
    config = {"version": "3.13", "services": {name: {"image": "app:1"} for name in names}}
    swarm = manager(config=config)

    def deployed() -> None:
        swarm.services = [service(name, "shop") for name in names]
        swarm.tasks = [{**crashed(1), "id": f"task-{name}", "service": f"service-{name}"} for name in names]
        swarm.logs = {f"task-{name}": SAID for name in names}

    swarm.on_deploy = deployed
    notes = Notes()
    with pytest.raises(PartialError):
        steps.up(backend(tmp_path, swarm), notes, Start(30))
    assert sum("last log lines" in note for note in notes) == 5
