"""When a service counts as running: replicas, services on every node, jobs, updates that have not begun yet."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from edgegen.deploy.swarm.converged import Deployment, judge, late
from edgegen.deploy.swarm.services import ServiceSeen, UpdateSeen
from edgegen.deploy.swarm.standing import Seen
from edgegen.deploy.swarm.tasks import TaskSeen

LABELS = {"com.docker.stack.namespace": "shop"}
APP = ServiceSeen("s", "shop_app", LABELS, is_checked=True)
EVERYWHERE = replace(APP, mode="global", replicas=0)
RUNNING = TaskSeen("t1", "s", "running", "running", "n1", 1)
OLD = Deployment(frozenset({"t1"}))


def reason(service: ServiceSeen, *tasks: TaskSeen, made: Deployment = OLD) -> str:
    """Why the service is not there yet, or what has failed; "" if it runs."""
    found = judge(["app"], Seen("shop", (service,), tasks), made)
    return found.waiting.get("app", "") or "; ".join(problem.message for problem in found.failed)


def test_a_service_that_is_not_there() -> None:
    assert judge(["app"], Seen("shop"), OLD).waiting == {"app": "is not on the swarm yet"}


@pytest.mark.parametrize(
    ("service", "tasks", "words"),
    [
        (APP, [RUNNING], ""),
        (replace(APP, replicas=2), [RUNNING], "has 1 of 2 tasks running"),
        (replace(APP, replicas=0), [], ""),
        (APP, [replace(RUNNING, state="starting")], "has 0 of 1 tasks running"),
        (APP, [replace(RUNNING, desired="shutdown")], "has 0 of 1 tasks running"),
        (EVERYWHERE, [], "has no node that fits"),
        (
            replace(APP, mode="global", replicas=0),
            [RUNNING, replace(RUNNING, id="t2", state="preparing")],
            "has 1 of 2",
        ),
        (EVERYWHERE, [RUNNING], ""),
        (replace(APP, restart="none"), [replace(RUNNING, state="complete", desired="shutdown")], ""),
        (APP, [replace(RUNNING, state="complete", desired="shutdown")], "has 0 of 1 tasks running"),
        (replace(APP, update=UpdateSeen("updating")), [RUNNING], "is being updated"),
        (replace(APP, update=UpdateSeen("rollback_started")), [RUNNING], "is being rolled back"),
        (
            replace(APP, update=UpdateSeen("rollback_paused", "because")),
            [RUNNING],
            "so did the rollback",
        ),
        (replace(APP, update=UpdateSeen("paused", "because")), [RUNNING], "the swarm has stopped in between: because"),
    ],
)
def test_each_state(service: ServiceSeen, tasks: list[TaskSeen], words: str) -> None:
    found = reason(service, *tasks)
    assert words in found if words else found == ""


def test_a_task_of_the_old_specification_shows_that_the_update_has_not_begun() -> None:
    made = replace(OLD, outdated=frozenset({"s"}), age=3)
    assert reason(APP, RUNNING, made=made) == "is about to be updated"
    assert reason(APP, RUNNING, made=replace(made, age=10)) == "", "then it is only told differently"
    done = replace(APP, update=UpdateSeen("completed"))
    assert reason(done, RUNNING, made=made) == ""


def test_a_new_task_without_a_health_check_must_last() -> None:
    plain = replace(APP, is_checked=False)
    new = Deployment(unchanged_for={"t1": 4.9})
    assert reason(plain, RUNNING, made=new) == "has only just started"
    assert reason(plain, RUNNING, made=replace(new, unchanged_for={"t1": 5.0})) == ""
    assert reason(plain, RUNNING) == "", "one of before has lasted"
    assert reason(plain, RUNNING, made=replace(OLD, unchanged_for={"t1": 0.0})) == ""
    assert reason(replace(plain, update=UpdateSeen("completed")), RUNNING, made=new) == "", "the swarm has monitored it"


@pytest.mark.parametrize(
    "service",
    [APP, replace(APP, is_checked=False), replace(APP, update=UpdateSeen("completed"))],
    ids=["checked", "plain", "updated"],
)
@pytest.mark.parametrize("known", [frozenset(), frozenset({"t0", "t1"})], ids=["new", "of before"])
def test_a_program_that_ends_over_and_over_has_not_started(service: ServiceSeen, known: frozenset[str]) -> None:
    """Neither a health check, nor the swarm's own watch, nor that it ran before is a proof of more than a moment."""
    failed = replace(RUNNING, id="t0", state="failed", desired="shutdown", error="task: non-zero exit (1)")
    made = Deployment(known, unchanged_for={"t1": 4.9})
    said = "was restarted and has not run for long yet: non-zero exit (1)"
    assert reason(service, RUNNING, failed, made=made) == said
    assert reason(service, RUNNING, failed, made=replace(made, unchanged_for={"t1": 5.0})) == ""
    elsewhere = replace(failed, slot=2)
    assert reason(replace(service, is_checked=True), RUNNING, elsewhere, made=made) == ""


@pytest.mark.parametrize("state", ["rejected", "orphaned"])
def test_what_never_ran_or_was_lost_with_its_node_is_no_program_that_ends(state: str) -> None:
    before = replace(RUNNING, id="t0", state=state, desired="shutdown", error="No such image: app:1")
    made = Deployment(frozenset({"t0", "t1"}), unchanged_for={"t1": 0.0})
    assert reason(replace(APP, is_checked=False), RUNNING, before, made=made) == ""


def test_what_keeps_a_task_of_before_from_running_is_said() -> None:
    pending = replace(RUNNING, state="pending", node="", error="no suitable node (1 node not available for new tasks)")
    assert reason(APP, pending) == ("has 0 of 1 tasks running: no suitable node (1 node not available for new tasks)")


def test_errors_are_those_of_new_tasks_each_once() -> None:
    failed = [
        replace(RUNNING, id=f"x{number}", state="failed", desired="shutdown", error="task: non-zero exit (1)")
        for number in range(3)
    ]
    before = replace(failed[0], id="t1", error="of before")
    assert reason(APP, *failed, before) == "has 0 of 1 tasks running: non-zero exit (1)"


LONG = Deployment(unchanged_for={"t1": 60.0})
NOWHERE = replace(RUNNING, state="pending", node="")


@pytest.mark.parametrize(
    ("why", "sure"),
    [
        ("scheduling constraints not satisfied on 3 nodes", True),
        ("unsupported platform on 2 nodes; scheduling constraints not satisfied on 1 node", True),
        ("missing plugin on 1 node", True),
        ("scheduling constraints not satisfied on 2 nodes; 1 node not available for new tasks", False),
        ("insufficient resources on 3 nodes", False),
        ("host-mode port already in use on 1 node", False),
        ("max replicas per node limit exceed; insufficient resources on 1 node", False),
    ],
)
def test_what_no_node_will_ever_run_is_not_waited_for(why: str, sure: bool) -> None:
    """Other tasks may end, and nodes may come back: only what lies in the service and the nodes stays as it is."""
    task = replace(NOWHERE, error=f"no suitable node ({why})")
    for service in (APP, replace(APP, update=UpdateSeen("updating"))):
        found = judge(["app"], Seen("shop", (service,), (task,)), LONG)
        assert [problem.message for problem in found.failed] == ([f"no node can run it: {why}"] if sure else [])
        early = judge(["app"], Seen("shop", (service,), (task,)), replace(LONG, unchanged_for={"t1": 9.9}))
        assert not early.failed, "the scheduler looks again when a node changes"


FAILED = replace(RUNNING, state="failed", desired="shutdown", error="task: non-zero exit (3)")


@pytest.mark.parametrize(
    ("service", "tasks", "sure"),
    [
        (APP, [FAILED], True),
        (replace(APP, restart="none"), [FAILED], True),
        (replace(APP, replicas=2), [FAILED, replace(RUNNING, id="t2", slot=2)], True),
        (APP, [replace(FAILED, desired="running")], False),
        (APP, [replace(RUNNING, id="t2", state="ready", desired="ready"), FAILED], False),
        (APP, [replace(RUNNING, id="t2", slot=2), FAILED], False),
        (replace(APP, update=UpdateSeen("updating")), [FAILED], False),
        (EVERYWHERE, [FAILED], False),
        (APP, [replace(FAILED, state="shutdown", error="")], False),
    ],
)
def test_what_the_swarm_does_not_start_again_is_not_waited_for(
    service: ServiceSeen, tasks: list[TaskSeen], sure: bool
) -> None:
    found = judge(["app"], Seen("shop", (service,), tuple(tasks)), LONG)
    said = "has ended, and its restart policy doesn't start it again: non-zero exit (3)"
    assert [problem.message for problem in found.failed] == ([said] if sure else [])
    made = replace(LONG, unchanged_for={"t1": 1.0})
    assert not judge(["app"], Seen("shop", (service,), tuple(tasks)), made).failed, "the next one may not be listed yet"
    made = replace(LONG, outdated=frozenset({"s"}), age=3.0)
    assert not judge(["app"], Seen("shop", (service,), tuple(tasks)), made).failed, "it is that of before"


def test_an_image_that_one_node_lacks_has_its_hint_at_the_end_too() -> None:
    lacking = replace(NOWHERE, id="t2", slot=2, state="rejected", error="No such image: app:9")
    judged = judge(["app"], Seen("shop", (replace(APP, replicas=2),), (RUNNING, lacking)), OLD)
    (problem,) = late(judged, 30)
    assert problem.message == "has 1 of 2 tasks running: No such image: app:9, after 30 seconds"
    assert "push the image to a registry that every node reaches" in problem.hint


def test_of_several_nodes_the_one_that_lacks_an_image_is_named() -> None:
    """A program that fails does so everywhere."""
    rejected = replace(RUNNING, id="t2", slot=2, state="rejected", error="No such image: app:9")
    failed = replace(rejected, id="t3", node="n2", state="failed", error="task: non-zero exit (1)")
    made = replace(OLD, nodes={"n1": "one", "n2": "two"})
    assert reason(replace(APP, replicas=2), RUNNING, rejected, failed, made=made) == (
        "has 1 of 2 tasks running: No such image: app:9 (on node `one`); non-zero exit (1)"
    )


def test_an_update_that_was_rolled_back_because_its_task_had_done_its_work() -> None:
    back = replace(APP, restart="on-failure", update=UpdateSeen("rollback_completed", "rollback completed"))
    done = replace(RUNNING, id="t2", state="complete", desired="shutdown")
    said = "it ended with exit code 0 while the update was watched, and Swarm takes every end for a failure"
    assert reason(back, done) == said
    assert "was rolled back" in reason(back, replace(done, id="t1")), "it is of before"
    assert "was rolled back" in reason(replace(back, restart="any"), done)
    failed = replace(done, id="t3", state="failed", error="task: non-zero exit (3)")
    assert "was rolled back" in reason(back, done, failed), "the one before has ended with 0, the new one has not"


@pytest.mark.parametrize(
    ("why", "state", "is_room"),
    [
        ("insufficient resources on 1 node", "updating", True),
        ("max replicas per node limit exceed", "updating", True),
        ("host-mode port already in use on 1 node", "updating", False),
        ("insufficient resources on 1 node", "completed", False),
    ],
)
def test_an_update_that_has_no_room_for_both_tasks_has_a_hint(why: str, state: str, is_room: bool) -> None:
    new = replace(NOWHERE, id="t2", error=f"no suitable node ({why})")
    service = replace(APP, replicas=2, update=UpdateSeen(state))
    (problem,) = late(judge(["app"], Seen("shop", (service,), (RUNNING, new)), OLD), 30)
    assert why in problem.message
    assert ("stop-first" in problem.hint) is is_room
