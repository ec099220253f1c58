"""What is asked of a manager, and what is not seen without one."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.deploy.command import Result
from edgegen.explain.reason import joined
from edgegen.explain.swarm.insight import OfServices
from edgegen.explain.swarm.view import look_into_swarm, serves_host
from edgegen.traefik.errors import CHMOD, RESTART, STORE
from edgegen.verify.diagnosis import Link, State, first_broken
from tests.explain.making import REGISTRY, endpoint_of, links, wanted_of
from tests.explain.swarm.making import FLAGS, LABELS, wanted
from tests.fakes import swarm
from tests.fakes.swarm import FakeSwarm

HOST = "api.example.com"
REFUSED = (
    "2026-01-01T00:00:30.5Z \x1b[90m2026-01-01T00:00:30Z\x1b[0m \x1b[33mWRN\x1b[0m Error while parsing task "
    'error="inspecting node n: Error response from daemon: <html><body><h1>403 Forbidden</h1>" providerName=swarm\n'
)


def fake(**changes: Any) -> FakeSwarm:
    """A stack `shop` that is well, beside another stack."""
    services = [
        swarm.service("api", "shop", labels=LABELS, image="api:1"),
        swarm.service("traefik", "shop", args=list(FLAGS), networks=[{"Target": "n-edge"}, {"Target": "n-socket"}]),
        swarm.service("socket-proxy", "shop", networks=[{"Target": "n-socket"}]),
        swarm.service("other", "hub"),
    ]
    good: dict[str, Any] = {
        "nodes": [swarm.labelled("one", "edgegen.shop.edge")],
        "services": services,
        "tasks": [swarm.task(name) for name in ("api", "traefik", "socket-proxy", "other")],
        "networks": {"n-edge": "shop_edge", "n-socket": "shop_socket"},
        "logs": {"task-traefik-1": "a line\n"},
    }
    return FakeSwarm(**{**good, **changes})


def walk(of: FakeSwarm, before: list[Link]) -> tuple[Link, ...]:
    found, want = OfServices(look_into_swarm(of, HOST, wanted())), wanted()
    last = found.last_link(want, before, want.where)
    return joined((*before, last), found.reasons(endpoint_of(HOST), want))


def test_all_is_well() -> None:
    asked = fake()
    seen = look_into_swarm(asked, HOST, wanted())
    assert (seen.trouble, seen.log.strip()) == ("", "a line")
    assert [getattr(item, "name", None) for item in (seen.service, seen.edge, seen.proxy)] == [
        "shop_api", "shop_traefik", "shop_socket-proxy",
    ]  # fmt: skip
    assert {task.service for task in seen.tasks} == {"service-api", "service-traefik", "service-socket-proxy"}
    assert ("service", "logs", "--raw", "--timestamps", "--tail", "20000", "task-traefik-1") in asked.asked
    found = walk(fake(), links())
    assert [(link.state, link.also) for link in found] == [(State.GOOD, ())] * 7


def test_the_socket_proxy_refuses_a_path() -> None:
    found = walk(fake(logs={"task-traefik-1": REFUSED}), links(router="broken", tls="broken"))
    broken = first_broken(link for link in found if link.hop.value == "router")
    assert broken is not None
    assert "Why: Traefik's log: the socket proxy refuses what Traefik asks the engine" in broken.message


def test_no_manager() -> None:
    for of in (FakeSwarm(is_manager=False), FakeSwarm(scripted={("info",): Result(1, "", "no daemon")})):
        seen = look_into_swarm(of, HOST, wanted())
        assert seen.trouble.startswith("not seen from here: ")
        assert "--host ssh://me@manager" in seen.hint
        assert not serves_host(of, HOST)


def test_another_swarm() -> None:
    seen = look_into_swarm(fake(services=[swarm.service("other", "hub")]), HOST, wanted())
    assert seen.trouble == "not seen from here: this swarm has no service of stack `shop`"


def test_the_stack_without_the_service() -> None:
    found = walk(fake(services=[swarm.service("traefik", "shop", args=list(FLAGS))]), links(router="broken"))
    assert (found[-1].state, found[-1].message) == (State.BROKEN, "the stack `shop` has no service `api`")


def test_without_a_spec() -> None:
    assert serves_host(fake(), HOST)
    assert not serves_host(fake(), "www.example.org")
    seen = look_into_swarm(fake(), HOST, None)
    assert seen.service is not None
    assert (seen.service.name, seen.edge.name if seen.edge else "") == ("shop_api", "shop_traefik")
    nobody = look_into_swarm(fake(), "www.example.org", None)
    assert nobody.trouble == "not seen from here: this swarm has no service of a router for `www.example.org`"


def test_a_rule_under_the_container_is_found_too() -> None:
    of = fake(services=[swarm.service("api", "shop", container_labels=LABELS)])
    seen = look_into_swarm(of, HOST, None)
    assert seen.service is not None
    assert seen.service.name == "shop_api"


def test_a_registrys_own_log_is_read() -> None:
    services = [swarm.service("registry", "shop")]
    of = fake(services=services, tasks=[swarm.task("registry")], logs={"task-registry-1": "made up a user"})
    assert look_into_swarm(of, REGISTRY, wanted_of(REGISTRY)).own_log.strip() == "made up a user"


def test_a_log_that_can_not_be_read_explains_nothing() -> None:
    of = fake(scripted={("service", "logs"): Result(1, "", "node is down")})
    assert look_into_swarm(of, HOST, wanted()).log == ""
    partly = fake(scripted={("service", "logs"): Result(1, "half a log", "incomplete log stream")})
    assert "half a log" in look_into_swarm(partly, HOST, wanted()).log


def test_a_middleware_that_was_missed_only_at_the_start() -> None:
    line = (
        '2026-01-01T00:00:30Z 2026-01-01T00:00:30Z ERR error="middleware \\"{}@swarm\\" does not exist" '
        "entryPointName=websecure routerName=api-https@swarm\n"
    )
    log = line.format("hsts") + line.format("gone")
    found = walk(fake(logs={"task-traefik-1": log}), links(router="broken"))
    (router,) = (link for link in found if link.hop.value == "router")
    said = f"{router.message} {router.also}"
    assert "`gone@swarm`" in said
    assert "`hsts@swarm`" not in said, "a service defines it"


def test_without_a_task_the_update_is_only_mentioned() -> None:
    services = [
        swarm.service("api", "shop", labels=LABELS, update={"State": "paused", "StartedAt": "2026-01-01T00:00:00Z"})
    ]
    of = fake(services=services, tasks=[swarm.task("api", state="rejected", desired="ready", error="No such image: x")])
    last = walk(of, links(router="broken", service="not-seen"))[-1]
    assert last.message == "shop_api.1 is rejected on one: No such image: x"
    assert last.also == ("the last update of shop_api is paused: some of its tasks are old, and some are new",)


def test_how_traefik_is_restarted() -> None:
    inside, nothing = (OfServices(look_into_swarm(of, HOST, wanted())) for of in (fake(), fake(services=[])))
    assert inside.worded(f"then run `{RESTART}`") == "then run `docker service update --force shop_traefik`"
    assert inside.worded(f"{CHMOD}, then") == "give acme.json in the volume `shop_acme` mode 600, then"
    assert inside.worded(f"look at {STORE} (") == "look at acme.json in the volume `shop_acme` ("
    assert nothing.worded(f"{CHMOD}, `{RESTART}`") == f"{CHMOD}, `{RESTART}`"


LIES = (
    "",
    "oops\n",
    "[WARN] old\n{",
    '{"id": 7, "spec": []}',
    '[{"status": "x"}]',
    "null",
    "{}",
    '{"labels": {"a": {}}}',
)
QUESTIONS = (
    ("info",), ("service", "ls"), ("service", "inspect"), ("service", "ps"), ("inspect", "--type", "task"),
    ("node", "ls"), ("node", "inspect"), ("network", "ls"), ("service", "logs"),
)  # fmt: skip


@pytest.mark.quick(20)
@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_client_that_prints_nonsense(question: tuple[str, ...], lie: str) -> None:
    """It is never a bug of ours: what can't be read was not seen."""
    for code in (0, 1):
        of = fake(scripted={question: Result(code, lie, "it failed")})
        found = OfServices(look_into_swarm(of, HOST, wanted()))
        assert found.last_link(wanted(), links(), None).message
        assert isinstance(list(found.reasons(endpoint_of(HOST), wanted())), list)
