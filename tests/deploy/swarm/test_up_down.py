"""up, down, status and logs of a stack, against a manager that answers from a script."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.core.errors import OutsideError, PartialError, RefusedError, SpecError, UsageError
from edgegen.deploy import steps
from edgegen.deploy.backends.base import Asked, Changes, LogsWanted, Start
from edgegen.deploy.command import Command, Result
from edgegen.deploy.shared_edge import Wish
from edgegen.deploy.swarm import start
from tests.deploy.swarm.scene import EDGE_LABEL, FakeClock, Manager, Notes, backend, manager, network, stack
from tests.fakes.swarm import labelled, node, service, task

RUNNING = {
    "services": [service("edge", "shop"), service("app", "shop")],
    "tasks": [task("edge"), task("app")],
}


def up(folder: Path, swarm: Manager, notes: Notes, clock: FakeClock | None = None, **asked: object) -> steps.Raised:
    return steps.up(backend(folder, swarm, clock, PASSWORD="hunter2"), notes, Start(30), Asked(**asked))  # type: ignore[arg-type]


def comes_up(swarm: Manager) -> None:
    """What `docker stack deploy` starts runs at once."""
    swarm.services, swarm.tasks = RUNNING["services"], RUNNING["tasks"]


def test_up_labels_makes_deploys_and_waits(tmp_path: Path) -> None:
    outer = {"outer": {"name": "outer", "external": True}}
    swarm = manager(nodes=[node("one")], config=stack(networks={**stack()["networks"], **outer}))
    swarm.on_deploy = lambda: comes_up(swarm)
    notes, clock = Notes(), FakeClock()
    raised = up(tmp_path, swarm, notes, clock, wish=Wish(owner="shop-1a"))
    assert raised.standing.ok
    assert raised.networks == ("outer",)
    (label,), (overlay,), (deploy,) = (
        swarm.called(*words) for words in (("node", "update"), ("network", "create"), ("stack", "deploy"))
    )
    assert label.argv[3:] == ("--label-add", f"{EDGE_LABEL}=true", "node-one")
    assert overlay.argv == ("docker", "network", "create", "--driver", "overlay", "--attachable", "outer")
    assert deploy.argv == (
        *("docker", "stack", "deploy", "--prune", "--with-registry-auth", "--resolve-image", "changed"),
        *("--detach=true", "--compose-file", "-", "shop"),
    )
    assert deploy.folder == tmp_path, "its paths begin there"
    given = json.loads(deploy.stdin or "")
    marks = {body["deploy"]["labels"].pop("edgegen.deployment") for body in given["services"].values()}
    assert len(marks) == 1, "one for all that is deployed at once"
    for body in given["services"].values():
        assert body["deploy"].pop("labels") == {"edgegen.owner": "shop-1a"}
    given["services"]["app"].pop("deploy")
    assert given == swarm.config
    assert clock.at == 5, "a task without a health check must run for five seconds"
    assert "node `one` keeps the edge from now on: it has the label edgegen.shop.edge=true" in notes
    assert "created the external network `outer`, an overlay that other stacks may join" in notes


def marked(swarm: Manager, mark: str = "") -> None:
    """The services get the label that the newest deployment gives them, or another one's."""
    given = json.loads(swarm.called("stack", "deploy")[-1].stdin or "")["services"]["app"]["deploy"]["labels"]
    labels = {"edgegen.deployment": mark or given["edgegen.deployment"]}
    swarm.services = [service("edge", "shop", labels=labels), service("app", "shop", labels=labels)]
    swarm.tasks = RUNNING["tasks"]


@pytest.mark.parametrize("at", [0, 3])
def test_another_deployment_at_the_same_time_is_told(tmp_path: Path, at: int) -> None:
    """One from another machine: both said "done", and what ran was the later one's."""
    swarm, clock = manager(), FakeClock()
    swarm.on_deploy = lambda: marked(swarm, "" if at else "another")
    clock.then = lambda now: marked(swarm, "another" if now >= at else "")
    with pytest.raises(PartialError) as caught:
        up(tmp_path, swarm, Notes(), clock)
    (problem,) = caught.value.problems
    assert problem.message == (
        "another deployment of stack `shop` started in the meantime, and replaced this one's `app`, `edge`"
    )
    assert clock.at == at, "there is nothing to wait for"


def test_the_next_deployment_is_no_other_one(tmp_path: Path) -> None:
    """Nor is a service that was rolled back to the one before, or one that was deployed by hand."""
    swarm = manager()
    swarm.on_deploy = lambda: marked(swarm)
    assert up(tmp_path, swarm, Notes()).standing.ok
    first = swarm.services[0]["labels"]["edgegen.deployment"]
    assert up(tmp_path, swarm, Notes()).standing.ok
    assert swarm.services[0]["labels"]["edgegen.deployment"] != first

    def rolled_back() -> None:
        marked(swarm)
        swarm.services = [swarm.services[0], service("app", "shop", labels={"edgegen.deployment": old})]

    old = swarm.services[1]["labels"]["edgegen.deployment"]
    swarm.on_deploy = rolled_back
    assert up(tmp_path, swarm, Notes()).standing.ok


def test_ports_and_mounts_arrive_as_they_are(tmp_path: Path) -> None:
    """Of two files Docker's client makes one with a single port of each number, and a single mount of each secret, both
    sorted: an HTTP/3 edge lost 443/tcp, and a part that is deployed alone replaced tasks which had not changed."""
    app = {
        "image": "app:1",
        "ports": [
            {"target": 443, "published": 443, "protocol": protocol, "mode": "host"} for protocol in ("udp", "tcp")
        ],
        "secrets": [{"source": "key", "target": target} for target in ("/b", "/a")],
        "volumes": ["data:/z", "./conf:/a"],
    }
    swarm = manager(config=stack(services={**stack()["services"], "app": app}, secrets={"key": {"file": "./key"}}))
    swarm.on_deploy = lambda: comes_up(swarm)
    up(tmp_path, swarm, Notes(), wish=Wish(owner="shop-1a"))
    (deploy,) = swarm.called("stack", "deploy")
    _one_file_is_deployed(tmp_path, deploy, app)


def _one_file_is_deployed(folder: Path, deploy: Command, app: dict[str, Any]) -> None:
    """The real client says what it makes of it."""
    files = [word for at, word in enumerate(deploy.argv) if deploy.argv[at - 1] == "--compose-file"]
    words = ["docker", "stack", "config", *(f"--compose-file={file}" for file in files)]
    made = yaml.safe_load(
        subprocess.run(words, input=deploy.stdin, cwd=deploy.folder, check=True, capture_output=True, text=True).stdout
    )
    found = made["services"]["app"]
    assert found["ports"] == app["ports"]
    assert [mount["target"] for mount in found["secrets"]] == ["/b", "/a"]
    assert [mount["target"] for mount in found["volumes"]] == ["/z", "/a"]
    assert found["volumes"][1]["source"] == str(folder / "conf")
    assert made["secrets"]["key"]["file"] == str(folder / "key")


def test_a_second_file_that_is_laid_over_the_first_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: as it was."""

    def two_files(self: start.Deploying, over: dict[str, Any], *, prune: bool) -> Command:
        words = ("docker", "stack", "deploy", "--compose-file", str(self.place.file), "--compose-file", "-", "shop")
        return Command(words, stdin=json.dumps({"services": over, "version": "3.13"}))

    monkeypatch.setattr(start.Deploying, "_whole", two_files)
    with pytest.raises(AssertionError):
        test_ports_and_mounts_arrive_as_they_are(tmp_path)


def test_a_client_that_knows_no_detach_is_asked_without_it(tmp_path: Path) -> None:
    """Docker 23 to 25 have `docker stack config`, and never wait."""

    class Older(Manager):
        def run(self, command: Command) -> Result:
            if "--detach=true" in command.argv:
                self.ran.append(command)
                return Result(125, "", "unknown flag: --detach\nSee 'docker stack deploy --help'.\n")
            return super().run(command)

    swarm = Older(nodes=[labelled("one", EDGE_LABEL)])
    swarm.on_deploy = lambda: comes_up(swarm)
    assert up(tmp_path, swarm, Notes(), wish=Wish(owner="shop-1a")).standing.ok
    refused, taken = swarm.called("stack", "deploy")
    assert [word for word in refused.argv if word != "--detach=true"] == list(taken.argv)
    assert (taken.stdin, taken.variables, taken.folder) == (refused.stdin, refused.variables, tmp_path)


@pytest.mark.parametrize(("api", "told"), [("1.43", True), ("1.44", False)])
def test_a_start_interval_that_the_engine_ignores(tmp_path: Path, api: str, *, told: bool) -> None:
    class Older(Manager):
        def run(self, command: Command) -> Result:
            if command.argv[:2] == ("docker", "version"):
                server = {"Version": "24.0.9", "ApiVersion": api, "MinAPIVersion": "1.12"}
                return Result(0, json.dumps({"Server": server}))
            return super().run(command)

    often = {"image": "app:1", "healthcheck": {"start_period": "9s", "start_interval": "1s"}}
    swarm = Older(nodes=[labelled("one", EDGE_LABEL)], config=stack(services={**stack()["services"], "app": often}))
    swarm.on_deploy = lambda: comes_up(swarm)
    notes = Notes()
    up(tmp_path, swarm, notes)
    assert any("`healthcheck.start_interval` of `app` has no effect" in note for note in notes) is told


def test_without_an_encrypted_network_there_is_nothing_to_look_for(tmp_path: Path) -> None:
    """Over ssh each question takes half a second."""
    swarm = manager()
    swarm.on_deploy = lambda: comes_up(swarm)
    assert up(tmp_path, swarm, Notes()).standing.ok
    assert not swarm.called("network", "ls", "--no-trunc")


def test_variables_go_by_the_environment_alone(tmp_path: Path) -> None:
    swarm = manager(config=stack(services={**stack()["services"], "app": {"image": "app:${PASSWORD}"}}))
    swarm.on_deploy = lambda: comes_up(swarm)
    up(tmp_path, swarm, Notes())
    for words in (("stack", "config"), ("stack", "deploy")):
        (command,) = swarm.called(*words)
        assert command.variables["PASSWORD"] == "hunter2"
    assert all("hunter2" not in " ".join(command.argv) and "hunter2" not in repr(command) for command in swarm.ran)


def test_a_rolled_back_update_is_five_and_names_the_image(tmp_path: Path) -> None:
    swarm = manager(**RUNNING)

    def deployed() -> None:
        back = {"State": "rollback_completed", "Message": "rollback completed"}
        swarm.services = [service("edge", "shop"), service("app", "shop", update=back)]
        bad = task("app", 2, state="rejected", error="No such image: app:9", desired="shutdown", slot=1)
        swarm.tasks = [bad, *RUNNING["tasks"]]

    swarm.on_deploy = deployed
    with pytest.raises(PartialError) as caught:
        up(tmp_path, swarm, Notes())
    (problem,) = caught.value.problems
    assert caught.value.exit_code == 5
    assert problem.path == "services.app"
    assert problem.message == ("the update was rolled back, and the service runs as before: No such image: app:9")
    assert "push the image to a registry" in problem.hint
    found = steps.status(backend(tmp_path, swarm))
    assert [finding.name for finding in found.findings()] == ["update-failed"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("rollback_completed", "runs as before its last update, which failed and was rolled back"),
        ("paused", "is only partly updated: its last update failed, and the swarm has stopped in between: task x died"),
        ("rollback_paused", "is only partly updated: its last update failed, and so did the rollback: task x died"),
    ],
)
def test_status_says_what_runs_after_an_update_that_failed(tmp_path: Path, state: str, said: str) -> None:
    swarm = manager(**RUNNING)
    update = {"State": state, "Message": "task x died"}
    swarm.services = [service("edge", "shop"), service("app", "shop", update=update)]
    found = steps.status(backend(tmp_path, swarm))
    assert not found.ok
    assert [finding.message for finding in found.findings()] == [f"service `app` {said}"]


def test_a_service_that_was_scaled_to_nothing_is_not_well(tmp_path: Path) -> None:
    off = {"mode": {"Replicated": {"Replicas": 0}}}
    swarm = manager(services=[service("edge", "shop"), service("app", "shop", **off)], tasks=[task("edge")])
    found = steps.status(backend(tmp_path, swarm))
    assert not found.ok
    assert [finding.message for finding in found.findings()] == [
        "service `app` has no container: it was scaled to 0 on the swarm, but the file says 1; `edgegen up` sets that"
        " again"
    ]
    swarm.config = stack(services={**stack()["services"], "app": {"image": "app:1", "deploy": {"replicas": 0}}})
    assert steps.status(backend(tmp_path, swarm)).ok


def test_a_job_that_has_ended_before_is_waited_for_again(tmp_path: Path) -> None:
    """Its old task has ended well, and the swarm starts the new one a moment later."""
    swarm, clock = manager(config=stack(services={"job": {"image": "app:2"}})), FakeClock()
    done = task("job", 1, state="complete", desired="shutdown", container={"Image": "app:1"})
    swarm.services = [service("job", "shop", restart={"Condition": "none"}, container={"Image": "app:2"})]
    swarm.tasks = [done]

    def later(at: float) -> None:
        if at == 2:
            new = task("job", 2, slot=1, state="failed", desired="shutdown", container={"Image": "app:2"})
            new["status"]["Err"] = "task: non-zero exit (3)"
            swarm.tasks = [new, done]

    clock.then = later
    said = "has ended, and its restart policy doesn't start it again: non-zero exit \\(3\\)"
    with pytest.raises(PartialError, match=said):
        up(tmp_path, swarm, Notes(), clock)
    assert clock.at == 4, "nobody waits for what the swarm does not start again"


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"restart": {"Condition": "none"}}, True),
        ({"restart": {"Condition": "none"}, "health": {"Test": ["CMD", "true"]}}, False),
        (
            {"restart": {"Condition": "none"}, "endpoint": {"Ports": [{"PublishedPort": 9, "PublishMode": "host"}]}},
            False,
        ),
        ({"restart": {"Condition": "on-failure"}}, False),
        ({}, False),
    ],
)
def test_what_still_works_when_everything_runs_is_told(tmp_path: Path, changes: dict[str, Any], is_told: bool) -> None:
    swarm = manager()

    def deployed() -> None:
        swarm.services = [service("edge", "shop"), service("app", "shop", **changes)]
        swarm.tasks = RUNNING["tasks"]

    swarm.on_deploy, notes = deployed, Notes()
    assert up(tmp_path, swarm, notes).standing.ok
    assert ("`app` is still running: `edgegen status` shows how it ends" in notes) is is_told


ROUTED = {"traefik.enable": "true"}
HELD = {"Ports": [{"PublishedPort": 9, "PublishMode": "host", "Protocol": "tcp"}]}


@pytest.mark.parametrize(
    ("old", "is_last"),
    [
        ({"labels": ROUTED}, True),
        ({}, False),
        ({"labels": ROUTED, "endpoint": HELD}, False),
        ({"labels": ROUTED, "mounts": [{"Type": "volume", "Source": "shop_data", "Target": "/data"}]}, False),
    ],
)
def test_a_service_that_got_another_name_serves_until_the_new_one_does(
    tmp_path: Path, old: dict[str, Any], is_last: bool
) -> None:
    """`--prune` removes it first. Two workers at once, or two on one volume or port, would be worse."""
    leaving = service("web", "shop", **old)
    swarm = manager(services=[*RUNNING["services"], leaving], tasks=[*RUNNING["tasks"], task("web")])
    notes = Notes()
    raised = up(tmp_path, swarm, notes)
    (deploy,) = swarm.called("stack", "deploy")
    removed = [command.argv[3:] for command in swarm.called("service", "rm")]
    assert ("--prune" in deploy.argv) is not is_last
    assert removed == ([("service-web",)] if is_last else [])
    if is_last:
        assert swarm.ran.index(deploy) < swarm.ran.index(swarm.called("service", "rm")[0])
        assert "removed the service `web`, which is no longer in the file" in notes
        assert [row.service for row in raised.standing.rows] == ["app", "edge"]


MARKED = "traefik.http.middlewares.{}.headers.customresponseheaders.x-mark"


@pytest.mark.parametrize(
    ("running", "wanted", "parts"),
    [
        ((), (), []),
        (("old",), ("old",), []),
        ((), ("new",), [("edge", {"new": "new"})]),
        (("old",), (), [("app", {})]),
        (("old",), ("new",), [("edge", {"new": "new", "old": "$$a"}), ("app", {})]),
    ],
)
def test_no_router_names_a_middleware_that_is_not_defined(
    tmp_path: Path, running: tuple[str, ...], wanted: tuple[str, ...], parts: list[tuple[str, dict[str, str]]]
) -> None:
    """`docker stack deploy` takes the services in any order, and Traefik asks in between."""
    config = stack()
    config["services"]["edge"]["deploy"]["labels"] = {MARKED.format(name): name for name in wanted}
    there = service("edge", "shop", labels={MARKED.format(name): "$a" for name in running})
    swarm = manager(config=config, services=[there, service("app", "shop")], tasks=RUNNING["tasks"])
    up(tmp_path, swarm, Notes(), wish=Wish(owner="shop-1a"))
    *before, whole = swarm.called("stack", "deploy")
    assert "--prune" in whole.argv
    assert not any("--prune" in command.argv for command in before)
    found = [json.loads(command.stdin or "")["services"] for command in before]
    for part in found:
        for body in part.values():
            assert body["deploy"]["labels"].pop("edgegen.deployment")
    assert [list(part) for part in found] == [[name] for name, _ in parts]
    for part, (name, marks) in zip(found, parts, strict=True):
        labels = {**{MARKED.format(mark): text for mark, text in marks.items()}, "edgegen.owner": "shop-1a"}
        deploy = config["services"][name].get("deploy", {})
        assert part[name] == {**config["services"][name], "deploy": {**deploy, "labels": labels}}


def test_a_deployment_in_any_order_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the whole stack goes at once, as before."""
    monkeypatch.setattr(start, "parts_before", lambda *_: ())
    with pytest.raises(AssertionError):
        test_no_router_names_a_middleware_that_is_not_defined(tmp_path, (), ("new",), [("edge", {"new": "new"})])


def test_what_leaves_stays_where_the_new_one_does_not_run(tmp_path: Path) -> None:
    swarm = manager(services=[service("edge", "shop"), service("web", "shop", labels=ROUTED)], tasks=[task("edge")])
    with pytest.raises(PartialError, match="is not on the swarm yet"):
        up(tmp_path, swarm, Notes())
    assert not swarm.called("service", "rm")
    swarm.services = [service("edge", "shop"), service("web", "shop", labels=ROUTED), service("cron", "shop")]
    with pytest.raises(PartialError):
        up(tmp_path, swarm, Notes())
    assert "--prune" in swarm.called("stack", "deploy")[-1].argv, "one of those that leave must go first"


@pytest.mark.parametrize(
    ("present", "wanted", "is_refused"),
    [
        ({"Global": {}}, {}, True),
        ({"Replicated": {"Replicas": 2}}, {"mode": "global"}, True),
        ({"Global": {}}, {"mode": "global"}, False),
        ({"Replicated": {"Replicas": 2}}, {"mode": "replicated", "replicas": 3}, False),
    ],
)
def test_a_mode_that_swarm_can_not_change_is_refused_first(
    tmp_path: Path, present: dict[str, Any], wanted: dict[str, Any], is_refused: bool
) -> None:
    file = stack(services={**stack()["services"], "app": {"image": "app:1", "deploy": wanted}})
    swarm = manager(config=file, services=[service("edge", "shop"), service("app", "shop", mode=present)])
    swarm.tasks = [task("edge"), task("app", 1), task("app", 2, slot=2)]
    made = backend(tmp_path, swarm)
    found = [problem.path for problem in made.preflight(made.read(), Asked()).problems]
    assert found == (["services.app.deploy.mode"] if is_refused else [])


@pytest.mark.parametrize(
    ("node", "volumes", "is_told"),
    [("two", "shop_data", True), ("two", "anothers", False), ("one", "shop_data", False)],
)
def test_data_of_this_node_that_another_is_to_keep_is_told(
    tmp_path: Path, node: str, volumes: str, is_told: bool
) -> None:
    """What Compose left here before `target` was changed."""
    label = "node.labels.edgegen.shop.data == true"
    app = {"image": "app:1", "deploy": {"placement": {"constraints": [label]}}}
    file = stack(services={**stack()["services"], "app": app}, volumes={"data": {}})
    swarm = manager(config=file, nodes=[labelled("one", EDGE_LABEL), labelled("two")])
    swarm.scripted = {("volume", "ls", "--format"): Result(0, f"{volumes}\n")}
    swarm.on_deploy, notes = lambda: comes_up(swarm), Notes()
    up(tmp_path, swarm, notes, volume_nodes={"data": node})
    said = "volume `shop_data` exists on this node, and node `two`, which keeps it from now on, gets a new one"
    assert any(note.startswith(said) for note in notes) is is_told


def test_a_second_start_of_what_ends_over_and_over_is_no_success(tmp_path: Path) -> None:
    swarm, clock = manager(**RUNNING), FakeClock()
    failed = task("app", 2, slot=1, state="failed", desired="shutdown", error="task: non-zero exit (1)")
    swarm.tasks = [*RUNNING["tasks"], failed]

    def next_one(at: float) -> None:
        if at % 3 == 0:
            swarm.tasks = [task("edge"), task("app", 10 + int(at), slot=1), failed]

    clock.then = next_one
    with pytest.raises(PartialError) as caught:
        up(tmp_path, swarm, Notes(), clock)
    assert str(caught.value) == (
        "services.app: was restarted and has not run for long yet: non-zero exit (1), after 30 seconds"
    )


def test_what_has_no_node_is_said_when_the_time_is_over(tmp_path: Path) -> None:
    swarm, clock = manager(), FakeClock()

    def deployed() -> None:
        swarm.services = RUNNING["services"]
        error = "no suitable node (host-mode port already in use on 1 node)"
        swarm.tasks = [task("app"), task("edge", state="pending", error=error)]

    swarm.on_deploy = deployed
    with pytest.raises(PartialError) as caught:
        up(tmp_path, swarm, Notes(), clock)
    assert clock.at == 30
    assert str(caught.value) == (
        "services.edge: has 0 of 1 tasks running: no suitable node (host-mode port already in use on 1 node), "
        "after 30 seconds"
    )


def test_a_new_service_without_its_image_is_not_waited_for(tmp_path: Path) -> None:
    swarm, clock = manager(), FakeClock()

    def deployed() -> None:
        swarm.services = RUNNING["services"]
        swarm.tasks = [task("edge"), task("app", 1, state="pending", desired="ready")]

    def passed(at: float) -> None:
        bad = [
            task("app", number, state="rejected", error="No such image: app:1", desired="shutdown", slot=1)
            for number in range(2, 2 + int(at))
        ]
        swarm.tasks = [task("edge"), *bad]

    swarm.on_deploy, clock.then = deployed, passed
    with pytest.raises(PartialError, match=r"services\.app: does not start: No such image: app:1"):
        up(tmp_path, swarm, Notes(), clock)
    assert clock.at == 5, "three rejections are enough, and the others are waited for"


def test_an_update_that_makes_progress_may_take_longer(tmp_path: Path) -> None:
    """Ten replicas, a new one every ten seconds, and thirty seconds to wait: it is done after a hundred."""
    swarm, clock = manager(**RUNNING), FakeClock()

    def passed(at: float) -> None:
        state = "completed" if at >= 100 else "updating"
        many = service("app", "shop", mode={"Replicated": {"Replicas": 10}}, update={"State": state})
        swarm.services = [service("edge", "shop"), many]
        swarm.tasks = [
            task("edge"),
            *(task("app", number) for number in range(1, 11 if at >= 100 else 1 + int(at) // 10)),
        ]

    swarm.on_deploy, clock.then = lambda: passed(0), passed
    up(tmp_path, swarm, Notes(), clock)
    assert clock.at == 100
    clock.at = 0
    clock.then = lambda at: passed(min(at, 40))
    swarm.on_deploy = lambda: passed(0)
    with pytest.raises(PartialError, match=r"services\.app: is being updated, after 30 seconds"):
        up(tmp_path, swarm, Notes(), clock)
    assert clock.at == 70, "thirty seconds after the last new task"


def test_what_is_not_yaml_is_dockers_fault(tmp_path: Path) -> None:
    swarm = manager(scripted={("stack", "config"): Result(0, "{a: [")})
    with pytest.raises(OutsideError, match="something that is not YAML"):
        up(tmp_path, swarm, Notes())


@pytest.mark.parametrize(
    ("info", "words"),
    [
        ({"LocalNodeState": "inactive"}, "not in a swarm"),
        ({"LocalNodeState": "active", "RemoteManagers": [{"Addr": "10.0.0.1:2377"}]}, "is a worker of its swarm"),
        ({"LocalNodeState": "locked"}, "the swarm is locked"),
        ({"LocalNodeState": "pending"}, "has begun to join"),
        ({"LocalNodeState": "error", "Error": "remote CA"}, r"\(error\): remote CA"),
    ],
)
def test_an_engine_that_manages_no_swarm_is_refused(tmp_path: Path, info: dict[str, object], words: str) -> None:
    swarm = manager(scripted={("info",): Result(0, json.dumps(info))})
    with pytest.raises(RefusedError, match=words):
        up(tmp_path, swarm, Notes())
    with pytest.raises(RefusedError, match=words):
        steps.status(backend(tmp_path, swarm))
    with pytest.raises(RefusedError, match=words):
        steps.down(backend(tmp_path, swarm), Notes())
    assert swarm.called("stack", "deploy") == swarm.called("stack", "rm") == []
    assert backend(tmp_path, swarm).running("shop") == ()


def test_no_leader_is_asked_again_for_half_a_minute(tmp_path: Path) -> None:
    leaderless = Result(1, "", "Error response from daemon: rpc error: The swarm does not have a leader.")
    swarm, clock = manager(**RUNNING), FakeClock()
    swarm.scripted = {("node", "ls"): leaderless}
    clock.then = lambda at: None if at < 12 else setattr(swarm, "scripted", {})  # type: ignore[func-returns-value]
    up(tmp_path, swarm, Notes(), clock)
    assert len(swarm.called("node", "ls")) > 10
    swarm.scripted, clock.then = {("stack", "deploy"): leaderless}, lambda _: None
    began = clock.at
    with pytest.raises(OutsideError, match="does not have a leader") as caught:
        up(tmp_path, swarm, Notes(), clock)
    assert caught.value.exit_code == 4
    assert "more than half of the managers" in caught.value.problems[0].hint
    assert 29 <= clock.at - began <= 31
    swarm.scripted = {("service", "ls"): leaderless}
    with pytest.raises(OutsideError) as caught:
        steps.status(backend(tmp_path, swarm, clock))
    assert "more than half of the managers" in caught.value.problems[0].hint


def test_a_file_that_docker_refuses_is_the_specs(tmp_path: Path) -> None:
    said = Result(1, "", "services.app Additional property x is not allowed")
    swarm = manager(scripted={("stack", "config"): said})
    with pytest.raises(SpecError, match="property x is not allowed"):
        up(tmp_path, swarm, Notes())
    swarm.scripted = {("stack", "config"): Result(1, "", "docker: unknown command: docker stack config\n")}
    with pytest.raises(OutsideError, match="has no `docker stack config`"):
        up(tmp_path, swarm, Notes())
    missing = Result(1, "", 'invalid interpolation format: "required variable PW is missing a value: "')
    swarm.scripted = {("stack", "config"): missing}
    with pytest.raises(RefusedError, match="PW is missing"):
        up(tmp_path, swarm, Notes())


def test_down_waits_until_nothing_is_left_and_removes_networks_as_soon_as_no_task_is(tmp_path: Path) -> None:
    swarm, clock = manager(**RUNNING), FakeClock()
    left = {("ps", "--all"): Result(0, "shop_app.1.x\n"), ("network", "ls"): Result(0, "shop_edge\n")}
    swarm.scripted = left
    seen = backend(tmp_path, swarm, clock)

    def passed(at: float) -> None:
        swarm.services = []
        if at == 4:
            swarm.scripted = {("network", "ls"): left["network", "ls"]}
        if at == 5:
            swarm.scripted = {}

    clock.then = passed
    steps.down(seen, Notes())
    assert clock.at == 5
    assert [command.argv for command in swarm.called("stack", "rm")] == [("docker", "stack", "rm", "shop")] * 2


def test_what_stays_after_two_minutes_is_said(tmp_path: Path) -> None:
    swarm, clock = manager(**RUNNING), FakeClock()
    seen = backend(tmp_path, swarm, clock)
    with pytest.raises(PartialError, match="service `shop_app`, service `shop_edge`"):
        steps.down(seen, Notes())
    assert clock.at == 120
    assert len(swarm.called("stack", "rm")) == 13, "at once, and every ten seconds"


def test_volumes_are_deleted_here_and_named_elsewhere(tmp_path: Path) -> None:
    nodes = [labelled("one", EDGE_LABEL), labelled("two", "edgegen.shop.data", status={"State": "ready"})]
    swarm = manager(nodes=nodes, config=stack(volumes={"acme": {}, "data": {}}), volumes=["shop_acme"])
    in_use = Result(1, "", "volume is in use")
    swarm.scripted = {("volume", "rm"): in_use}
    notes, clock = Notes(), FakeClock()
    clock.then = lambda at: setattr(swarm, "scripted", {}) if at > 2 else None  # type: ignore[func-returns-value]
    steps.down(backend(tmp_path, swarm, clock), notes, volumes=True)
    assert [command.argv[-1] for command in swarm.called("volume", "rm")] == ["shop_acme"] * 4
    assert notes == [
        "deleted volume `shop_acme`",
        "volume `shop_data` stays on node `two`: `docker volume rm shop_data` there deletes it with all its data",
    ]


def test_volumes_that_compose_made_are_the_projects_too(tmp_path: Path) -> None:
    """It ran with Compose before `target` was changed: no label is the stack's."""
    swarm = manager(config=stack(volumes={"data": {}, "theirs": {"name": "precious", "external": True}}))
    theirs = Result(0, "anothers\nprecious\nshop_data\n")
    swarm.scripted = {("volume", "ls", "--format"): theirs}
    down, notes = backend(tmp_path, swarm), Notes()
    assert down.volumes("shop") == ("shop_data",)
    steps.down(down, notes, volumes=True)
    assert [command.argv[-1] for command in swarm.called("volume", "rm")] == ["shop_data"]
    assert "deleted volume `shop_data`" in notes


def test_a_volume_with_a_name_of_its_own_is_found_by_its_key_and_an_external_one_is_never_named(tmp_path: Path) -> None:
    nodes = [labelled("one", EDGE_LABEL), labelled("two", "edgegen.shop.data", "edgegen.shop.theirs")]
    volumes = {"data": {"name": "shop-data"}, "theirs": {"name": "precious", "external": True}}
    notes = Notes()
    down = backend(tmp_path, manager(nodes=nodes, config=stack(volumes=volumes)))
    steps.down(down, notes, volumes=True)
    assert [note.partition(":")[0] for note in notes] == [
        "nothing of project `shop` is there",
        "volume `shop-data` stays on node `two`",
    ]


def test_another_projects_stack_of_this_name_is_left_alone(tmp_path: Path) -> None:
    theirs = service("app", "shop", labels={"edgegen.owner": "shop-ff"})
    swarm = manager(services=[theirs], tasks=[task("app")])
    with pytest.raises(RefusedError, match="a stack `shop` of another project already runs"):
        up(tmp_path, swarm, Notes(), wish=Wish(owner="shop-1a"))
    for owner in ("", "shop-1a"):
        with pytest.raises(RefusedError, match="a stack `shop` of another project already runs"):
            up(tmp_path, swarm, Notes(), wish=Wish(owner=owner))
        down = backend(tmp_path, swarm)
        down.place = replace(down.place, owner=owner)
        with pytest.raises(RefusedError, match="a stack `shop` of another project already runs") as caught:
            steps.down(down, Notes())
        assert "its `dns.owner` is `shop-ff`" in caught.value.problems[0].hint
    swarm.services = [service("wiki", "shop")]  # by hand, and nothing of it is in this file
    for action in (lambda: up(tmp_path, swarm, Notes()), lambda: steps.down(backend(tmp_path, swarm), Notes())):
        with pytest.raises(RefusedError, match="with the services wiki"):
            action()  # type: ignore[no-untyped-call]
    assert swarm.called("stack", "deploy") == swarm.called("stack", "rm") == []


def test_the_edges_own_services_make_no_two_stacks_the_same(tmp_path: Path) -> None:
    services = {"traefik": stack()["services"]["edge"], "docker-socket-proxy": {"image": "h"}, "app": {"image": "app"}}
    swarm = manager(config=stack(services=services))
    edge = [service("traefik", "shop"), service("docker-socket-proxy", "shop")]
    swarm.services = [*edge, service("postgres", "shop")]
    with pytest.raises(RefusedError, match="with the services docker-socket-proxy, postgres, traefik"):
        steps.down(backend(tmp_path, swarm), Notes())
    assert swarm.called("stack", "rm") == []
    for own in (edge, [*edge, service("app", "shop"), service("old", "shop")]):
        swarm.services = own
        made = backend(tmp_path, swarm)
        assert list(made.others(made.read())) == []


def test_a_stack_whose_owner_is_this_projects_goes_down(tmp_path: Path) -> None:
    for owner in ("shop-ff", None):
        swarm = manager(services=[service("app", "shop", labels={"edgegen.owner": "shop-ff"})])
        down = backend(tmp_path, swarm, FakeClock(then=lambda _, it=swarm: setattr(it, "services", [])))  # type: ignore[misc]
        down.place = replace(down.place, owner=owner)
        steps.down(down, Notes())
        assert swarm.called("stack", "rm")


def test_an_unreachable_engine_has_removed_nothing(tmp_path: Path) -> None:
    swarm = manager(**RUNNING)
    said = "error during connect: dial tcp 10.0.0.1:2375: connect: network is unreachable"
    swarm.scripted = {("stack", "rm"): Result(1, "", said)}
    with pytest.raises(OutsideError, match="`docker stack rm shop` failed") as caught:
        steps.down(backend(tmp_path, swarm), Notes())
    assert caught.value.exit_code == 4
    assert len(swarm.called("stack", "rm")) == 1


def test_a_network_that_another_service_uses_is_not_waited_for(tmp_path: Path) -> None:
    swarm, clock = manager(**RUNNING), FakeClock()
    swarm.services = [*swarm.services, service("other", "theirs", id="se8sxoennufmhz7l43grkuefm")]
    swarm.made = {"shop_edge"}
    said = (
        "Failed to remove network shop_edge: Error response from daemon: rpc error: code = FailedPrecondition desc = "
        "network shop_edge is in use by service se8sxoennufmhz7l43grkuefmfailed to remove some resources from "
        "stack: shop\n"
    )
    swarm.scripted = {("stack", "rm"): Result(1, "Removing network shop_edge\n", said)}
    with pytest.raises(PartialError) as caught:
        steps.down(backend(tmp_path, swarm, clock), Notes())
    assert str(caught.value) == (
        "network `shop_edge` can't be removed: service `theirs_other`, which is not of this stack, uses it"
    )
    assert clock.at == 0


def test_a_secret_that_stays_behind_is_told(tmp_path: Path) -> None:
    """Its network was in the way the first time, and then only the secret's service was."""
    swarm, clock = manager(**RUNNING), FakeClock()
    network = "Failed to remove network n1: Error response from daemon: network shop_edge has active endpoints"
    secret = "Failed to remove secret s1: Error response from daemon: secret 'shop-pw-1' is in use by the service: x"
    swarm.scripted = {
        ("stack", "rm"): Result(1, "", f"{secret}\n{network}"),
        ("network", "ls"): Result(0, "shop_edge\n"),
    }

    def later(_: float) -> None:
        swarm.scripted = {("stack", "rm"): Result(1, "", secret), ("secret", "ls"): Result(0, "shop-pw-1\n")}

    clock.then = later
    swarm.services = []
    with pytest.raises(PartialError, match="secret 'shop-pw-1' is in use by the service: x"):
        steps.down(backend(tmp_path, swarm, clock), Notes())


def test_a_network_that_is_still_used_is_removed_again_and_counts_once(tmp_path: Path) -> None:
    swarm, clock, changes = manager(), FakeClock(), Changes(frozenset())
    said = "Failed to remove network n1: Error response from daemon: network shop_edge has active endpoints"
    swarm.scripted = {("stack", "rm"): Result(1, "", said), ("network", "ls"): Result(0, "shop_edge\n")}
    clock.then = lambda at: None if at < 25 else setattr(swarm, "scripted", {})  # type: ignore[func-returns-value]
    backend(tmp_path, swarm, clock).down(changes, volumes=False)
    assert len(swarm.called("stack", "rm")) == 26
    assert changes.made == ["docker stack rm"]


def test_a_dry_run_of_down_names_the_volumes_that_are_the_stacks_own(tmp_path: Path) -> None:
    volumes = {"acme": None, "data": {"name": "shop-${SUFFIX}"}, "theirs": {"external": True, "name": "precious"}}
    made = backend(tmp_path, manager(config=stack(volumes=volumes)), SUFFIX="data")
    assert [command.line() for command in made.down_commands(volumes=True)[1:]] == [
        "docker volume rm shop_acme", "docker volume rm shop-data",
    ]  # fmt: skip


def test_status_shows_tasks_nodes_and_errors(tmp_path: Path) -> None:
    swarm = manager(
        services=[service("edge", "shop"), service("app", "shop", mode={"Replicated": {"Replicas": 3}})],
        tasks=[
            task("edge"),
            task("app", 1),
            task("app", 2, state="preparing", slot=2, node=""),
            task("app", 9, state="failed", desired="shutdown", slot=2, error="task: non-zero exit (1)"),
        ],
    )
    found = steps.status(backend(tmp_path, swarm))
    assert not found.ok
    assert [(row.container, row.node, row.state, row.verdict.value, row.error) for row in found.rows] == [
        ("", "", "absent", "missing", "task: non-zero exit (1)"),
        ("app.1", "one", "running", "healthy", ""),
        ("app.2", "", "preparing", "ill", "task: non-zero exit (1)"),
        ("edge.1", "one", "running", "healthy", ""),
    ]
    assert [(item.service, item.running, item.wanted) for item in found.replicas] == [("app", 1, 3), ("edge", 1, 1)]


@pytest.mark.parametrize("state", ["unknown", "down", "disconnected"])
def test_a_task_is_not_well_because_its_node_was(tmp_path: Path, state: str) -> None:
    """The managers list it as running until they give its node up."""
    away = labelled("two", status={"State": state, "Addr": "10.99.0.2"})
    swarm = manager(nodes=[labelled("one", EDGE_LABEL), away])
    swarm.services, swarm.tasks = RUNNING["services"], [task("edge"), task("app", node="node-two")]
    found = steps.status(backend(tmp_path, swarm))
    assert not found.ok
    (finding,) = found.findings()
    assert (finding.outcome.value, finding.message) == (
        "unknown", f"service `app` is not heard from: its node is {state}",
    )  # fmt: skip
    assert [row.state for row in found.rows] == ["not heard from", "running"]


def test_logs_of_named_services_and_of_unknown_ones(tmp_path: Path) -> None:
    swarm = manager(**RUNNING)
    lines = "2026-01-01T00:00:0{}Z shop_{}.1.abc@one    | hello {} \x1b[1m\n"
    swarm.scripted = {
        ("service", "logs", "--timestamps", "--tail=5", "shop_app"): Result(0, "", lines.format(2, "app", "app")),
        ("service", "logs", "--timestamps", "--tail=5", "shop_edge"): Result(0, lines.format(1, "edge", "edge")),
        ("service", "logs"): Result(0),
    }
    seen = backend(tmp_path, swarm)
    assert seen.log_lines(LogsWanted(tail="5", follow=True)) == [
        {"container": "shop_edge.1.abc@one", "time": "2026-01-01T00:00:01Z", "text": "hello edge \\x1b[1m"},
        {"container": "shop_app.1.abc@one", "time": "2026-01-01T00:00:02Z", "text": "hello app \\x1b[1m"},
    ]
    seen.logs(LogsWanted(["app"], since="1h", follow=True))
    assert swarm.ran[-1].argv == ("docker", "service", "logs", "--follow", "--since=1h", "shop_app")
    with pytest.raises(UsageError, match="there is no service `apq`") as caught:
        seen.logs(LogsWanted(["apq"]))
    assert caught.value.problems[0].hint == "did you mean `app`?"
    swarm.scripted = {("service", "logs"): Result(1, "", "boom")}
    with pytest.raises(OutsideError, match="boom"):
        seen.log_lines(LogsWanted())
    swarm.scripted = {("service", "logs"): Result(130)}
    with pytest.raises(KeyboardInterrupt):
        seen.logs(LogsWanted())
    with pytest.raises(OutsideError, match="no stack `shop` runs"):
        backend(tmp_path, replace(swarm, services=[])).logs(LogsWanted())


def test_a_dry_run_asks_nobody(tmp_path: Path) -> None:
    swarm = manager()
    seen = backend(tmp_path, swarm, SECRET="hunter2")
    text = json.dumps({"networks": {"outer": {"external": True, "name": "${OUTER}"}}, "volumes": {"acme": None}})
    lines = [command.line() for command in seen.up_commands(text, 9, values={"OUTER": "net"})]
    assert lines[0].startswith("docker network inspect net >/dev/null 2>&1 || docker network create --driver overlay")
    assert lines[1].endswith(f"--compose-file {tmp_path}/stack.yml shop")
    assert [command.line() for command in seen.down_commands(volumes=True)] == [
        "docker stack rm shop", "docker volume rm shop_acme",
    ]  # fmt: skip
    assert swarm.ran == []


def test_networks_that_are_not_what_the_stack_needs(tmp_path: Path) -> None:
    outer = {"outer": {"name": "outer", "external": True}}
    swarm = manager(config=stack(networks={**stack()["networks"], **outer}))
    swarm.known_networks = [network("outer", "local"), network("shop_edge", "local", "")]
    with pytest.raises(RefusedError) as caught:
        up(tmp_path, swarm, Notes())
    assert [problem.path for problem in caught.value.problems] == ["networks.edge", "networks.outer"]
    assert "its scope is `local`" in str(caught.value)
    assert "belongs to another project" in str(caught.value)
    swarm.known_networks = [network("outer"), network("shop_edge", "swarm", "shop"), network("outer", "local")]
    swarm.on_deploy = lambda: comes_up(swarm)
    up(tmp_path, swarm, Notes())


MTU = {"com.docker.network.driver.mtu": "1400"}


@pytest.mark.parametrize(
    ("wanted", "present", "said"),
    [
        ({"internal": True}, {}, "`internal: true`"),
        ({}, {"internal": True}, "`internal: false`"),
        ({"driver_opts": {"encrypted": "true"}}, {}, "`encrypted: true`"),
        ({"driver_opts": {}}, {"options": {"encrypted": ""}}, "`encrypted: false`"),
        ({"driver_opts": MTU}, {}, "`driver_opts`"),
        ({"ipam": {"config": [{"subnet": "10.77.0.0/24"}]}}, {}, "`ipam`"),
        ({"internal": True, "ipam": {"config": [{"subnet": "10.77.0.0/24"}]}}, {}, "`internal: true` and `ipam`"),
        ({"driver_opts": {"encrypted": ""}}, {"options": {"encrypted": "true"}}, ""),
        ({"driver_opts": {"encrypted": "false", **MTU}}, {"options": MTU}, ""),
        ({"ipam": {"config": [{"subnet": "10.0.8.0/24"}]}}, {}, ""),
        ({"external": True, "internal": True}, {}, ""),
    ],
)
def test_a_network_that_a_start_would_leave_as_it_is(
    tmp_path: Path, wanted: dict[str, Any], present: dict[str, Any], said: str
) -> None:
    """`docker stack deploy` passes over a network that exists: it would be internal in the file alone."""
    file = stack(networks={"edge": {"name": "shop_edge", "driver": "overlay", **wanted}})
    swarm = manager(config=file, known_networks=[network("shop_edge", "swarm", "shop", **present)], **RUNNING)
    whole = (
        f"networks.edge: network `shop_edge` was made without {said}, and `docker stack deploy` would leave it as it is"
    )
    _starts_or_refuses(tmp_path, swarm, whole if said else "")


NFS = {"type": "nfs", "o": "addr=192.0.2.20,rw", "device": ":/data"}


@pytest.mark.parametrize(
    ("wanted", "present", "said"),
    [
        ({"driver_opts": NFS}, {}, "other options (type, o, device)"),
        ({"driver_opts": NFS}, {"options": {**NFS, "device": ":/old"}}, "other options (device)"),
        ({"driver_opts": {"type": "tmpfs"}}, {"options": NFS}, "other options (type)"),
        ({"driver": "rclone"}, {}, "the driver `local`"),
        ({"driver": "rclone:2"}, {"driver": "rclone:latest"}, "the driver `rclone`"),
        ({"driver": "rclone", "driver_opts": NFS}, {"driver": "rclone:latest"}, "other options (type, o, device)"),
        ({"driver": "rclone", "driver_opts": NFS}, {"driver": "rclone:latest", "options": NFS}, ""),
        ({"driver_opts": NFS}, {"options": NFS}, ""),
        ({"driver": "local"}, {}, ""),
        ({"driver_opts": {**NFS, "device": ":/{{.Node.Hostname}}"}}, {"options": {**NFS, "device": ":/one"}}, ""),
        ({}, {"options": NFS}, ""),
        ({"driver_opts": NFS, "external": True}, {}, ""),
        ({"driver_opts": NFS}, {"name": "another"}, ""),
    ],
)
def test_a_volume_that_a_start_would_leave_as_it_is(
    tmp_path: Path, wanted: dict[str, Any], present: dict[str, Any], said: str
) -> None:
    """An engine uses what it has: the data would stay local on this node, and be shared on others."""
    volume = {"name": "shop_data", "driver": "local", "options": None, **present}
    file = stack(volumes={"acme": {}, "data": wanted})
    swarm = manager(config=file, known_volumes=[volume], **RUNNING)
    consequence = "and the engine would go on using it as it is"
    whole = f"volumes.data: volume `shop_data` exists on this node with {said}, {consequence}"
    _starts_or_refuses(tmp_path, swarm, whole if said else "")


def _starts_or_refuses(folder: Path, swarm: Manager, refusal: str) -> None:
    """Without a refusal everything starts; with one, nothing is deployed."""
    if not refusal:
        assert up(folder, swarm, Notes()).standing.ok
        return
    with pytest.raises(RefusedError) as caught:
        up(folder, swarm, Notes())
    assert str(caught.value) == refusal
    assert not swarm.called("stack", "deploy")
