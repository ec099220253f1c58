"""The last link on a swarm: what the tasks of a service say, and whose line it is."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.deploy.swarm.nodes import NodeSeen
from edgegen.explain.swarm.tasks import tasks_link
from edgegen.explain.swarm.view import SwarmInside
from edgegen.verify.diagnosis import Link, State
from tests.explain.making import OLD, links, wanted_of
from tests.explain.swarm.making import KEYS, api, seen, task, tasks, wanted

DOWN = links(router="broken", service="not-seen")
ERROR_PLACE = {
    "No such image: api:1": "image",
    "no suitable node (scheduling constraints not satisfied on 1 node)": "deploy",
}


def last(inside: SwarmInside, before: list[Link] = DOWN) -> Link:
    of = wanted()
    return tasks_link(inside, of, before, of.where)


def test_all_is_well() -> None:
    link = last(seen(), links())
    assert (link.state, link.message, link.also) == (State.GOOD, "shop_api: its task runs, on one", ())


def test_several_tasks() -> None:
    own = (
        task(slot=3, node="node2"),
        task(slot=2, node="node1"),
        task(slot=1, state="pending", node="", error="no suitable node"),
    )
    link = last(seen(service=api(replicas=3), tasks=tasks(*own)), links())
    assert link.message == "shop_api: 2 of 3 tasks run, on two and one"
    assert link.also == ("shop_api.1 is pending: no suitable node",)


def test_a_global_service_has_no_number_of_replicas() -> None:
    link = last(seen(service=api(replicas=0, mode="global"), tasks=tasks(task(slot=0))), links())
    assert link.message == "shop_api: 1 tasks run, on one"


def test_a_node_that_is_down() -> None:
    inside = seen(nodes={"node1": NodeSeen("node1", "one", state="down")})
    assert last(inside, links()).also == ("the node one is down",)


@pytest.mark.parametrize(
    ("changes", "message", "key", "hint"),
    [
        ({"state": "rejected", "desired": "ready", "error": "No such image: api:1"},
         "shop_api.1 is rejected on one: No such image: api:1", "image", "log in with `docker login`"),
        ({"state": "pending", "node": "", "error": "no suitable node (scheduling constraints not satisfied on 1 node)"},
         "shop_api.1 is pending: no suitable node (scheduling constraints not satisfied on 1 node) (it asks for "
         "node.labels.x == y)", "deploy", "docker node update --label-add"),
        ({"state": "pending", "node": "", "error": "no suitable node (host-mode port already in use on 1 node)"},
         "shop_api.1 is pending: no suitable node (host-mode port already in use on 1 node)", None,
         "another service holds the port"),
        ({"state": "pending", "node": "", "error": "no suitable node (insufficient resources on 1 node)"},
         "shop_api.1 is pending: no suitable node (insufficient resources on 1 node)", None, "reserves more"),
        ({"state": "failed", "desired": "shutdown", "error": "task: non-zero exit (3)"},
         "shop_api.1 is failed on one: task: non-zero exit (3)", None, "`edgegen logs api --tail 50`"),
        ({"state": "failed", "error": "task: non-zero exit (137): dockerexec: unhealthy container"},
         "shop_api.1 is failed on one: task: non-zero exit (137): dockerexec: unhealthy container", None,
         "`edgegen logs api` shows what it wrote before its health check failed"),
        ({"state": "starting"}, "shop_api.1 is starting on one", None, "Traefik uses it as soon as it runs"),
        ({"state": "complete", "desired": "shutdown"},
         "shop_api.1 is complete on one: it ended with exit code 0, and the swarm does not start it again", None,
         "`restart: always`"),
    ],
)  # fmt: skip
def test_no_task_runs(changes: dict[str, Any], message: str, key: str | None, hint: str) -> None:
    inside = seen(service=api(constraints=("node.labels.x == y",)), tasks=tasks(task(**changes)))
    link = last(inside)
    assert (link.state, link.message) == (State.BROKEN, message)
    assert link.where == (KEYS[key] if key else wanted().where)
    assert hint in link.hint


def test_the_next_try_says_less_than_the_last_failure() -> None:
    own = (
        task(state="ready", desired="ready"),
        task(state="failed", desired="shutdown", error="task: non-zero exit (3)"),
    )
    assert last(seen(tasks=tasks(*own))).message == "shop_api.1 is failed on one: task: non-zero exit (3)"


def test_no_service_no_task_no_replicas() -> None:
    missing = last(seen(service=None))
    assert (missing.state, missing.message) == (State.BROKEN, "the stack `shop` has no service `api`")
    assert missing.hint == "`edgegen up` deploys it"
    assert last(seen(tasks=tasks())).message == "shop_api has no task"
    none = last(seen(service=api(replicas=0), tasks=tasks()))
    assert (none.message, none.where) == ("shop_api has 0 replicas", KEYS["deploy"])


def test_a_service_that_answers_is_another_swarms() -> None:
    link = last(seen(tasks=tasks(task(state="failed", error="x"))), links())
    assert link.state is State.NOT_SEEN
    assert link.message.endswith("but the service answers: is this its swarm?")


def test_nothing_was_seen() -> None:
    link = last(SwarmInside("not seen from here: why", "go there"))
    assert (link.state, link.message, link.hint) == (State.NOT_SEEN, "not seen from here: why", "go there")


def test_a_redirect_has_no_service() -> None:
    of = wanted_of(OLD)
    link = tasks_link(seen(service=None), of, links(), of.where)
    assert (link.state, link.message) == (State.GOOD, of.without_container)


def test_without_a_spec() -> None:
    link = tasks_link(seen(tasks=tasks(task(state="rejected", error="No such image: x"))), None, DOWN, None)
    assert (link.state, link.where) == (State.BROKEN, None)
    assert replace(link, hint="").message == "shop_api.1 is rejected on one: No such image: x"
