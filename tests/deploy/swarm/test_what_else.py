"""Old secrets and configs, held ports, Traefik's own change, another stack's edge, built images, encrypted networks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import EdgegenError, OutsideError, PartialError, RefusedError
from edgegen.core.names import ImageRef
from edgegen.deploy import steps
from edgegen.deploy.backends.base import Asked, Start
from edgegen.deploy.command import Command, Result
from edgegen.deploy.shared_edge import Wish
from edgegen.deploy.swarm.encrypted import Proof
from edgegen.deploy.swarm.generations import Kept, old
from edgegen.deploy.swarm.talk import Talk
from tests.deploy.swarm.scene import EDGE_LABEL, FakeClock, Manager, Notes, backend, manager, stack
from tests.fakes.swarm import labelled, service, task

TRAEFIK = {
    "image": "traefik:v3.7.15",
    "args": ["--providers.swarm=true", "--entrypoints.web.address=:80"],
    "endpoint": {"Ports": [{"PublishedPort": 80, "Protocol": "tcp", "PublishMode": "host"}]},
}


def running(**changes: Any) -> Manager:
    """The stack of `scene`, which runs."""
    both = [service("edge", "shop", **TRAEFIK), service("app", "shop")]
    return manager(**{"services": both, "tasks": [task("edge"), task("app")], **changes})


def up(folder: Path, swarm: Manager, *, clock: FakeClock | None = None, prune: bool = False, **asked: Any) -> Notes:
    notes = Notes()
    steps.up(backend(folder, swarm, clock), notes, Start(30, prune=prune), Asked(**asked))
    return notes


def kept(kind: str, name: str, created: str) -> Kept:
    return Kept(kind, f"id-{name}", name, created)


def test_the_last_generation_is_kept_and_no_older_one() -> None:
    found = [
        kept("secret", "shop-key-ccc", "3"), kept("secret", "shop-key-bbb", "2"), kept("secret", "shop-key-aaa", "1"),
        kept("config", "shop-key-000", "1"), kept("secret", "shop-gone-aaa", "1"), kept("secret", "used", "0"),
    ]  # fmt: skip
    current, used = {"shop-key-ccc"}, {"used"}
    assert [item.name for item in old(found, current, used, everything=False)] == ["shop-key-aaa"]
    assert [item.name for item in old(found, current, used, everything=True)] == [
        "shop-key-bbb", "shop-key-aaa", "shop-key-000", "shop-gone-aaa",
    ]  # fmt: skip


def secret(name: str, created: str) -> dict[str, str]:
    return {"id": f"id-{name}", "name": name, "created": created}


def test_up_removes_what_is_two_generations_old_and_with_prune_all_that_is_unused(tmp_path: Path) -> None:
    config = stack(secrets={"key": {"name": "shop-key-ccc", "file": "/x"}})
    names = ("shop-key-aaa", "shop-key-bbb", "shop-key-ccc")
    swarm = running(config=config, kept={"secret": [secret(name, name[-1]) for name in names]})
    notes = up(tmp_path, swarm)
    assert [command.argv for command in swarm.called("secret", "rm")] == [("docker", "secret", "rm", "id-shop-key-aaa")]
    assert "removed the secret `shop-key-aaa`, which no service uses any more" in notes
    up(tmp_path, swarm, prune=True)
    assert [command.argv[-1] for command in swarm.called("secret", "rm")[1:]] == ["id-shop-key-bbb", "id-shop-key-aaa"]
    (listed, *_) = swarm.called("secret", "ls")
    assert "label=com.docker.stack.namespace=shop" in listed.argv, "another stack's are never seen"


def test_what_can_not_be_removed_does_not_undo_a_start(tmp_path: Path) -> None:
    swarm = running(kept={"secret": [secret("shop-key-aaa", "1"), secret("shop-key-bbb", "2")]})
    swarm.scripted = {("secret", "rm"): Result(1, "", "is in use by the following service")}
    assert all("removed" not in note for note in up(tmp_path, swarm))
    assert swarm.called("secret", "rm")


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (
            service("traefik", "other", **TRAEFIK),
            "port 80/tcp is held by service `other_traefik` of stack `other` on node",
        ),
        (
            service("web", "other", endpoint={"Ports": [{"PublishedPort": 80, "PublishMode": "ingress"}]}),
            "is held by service `other_web` of stack `other` on every node",
        ),
    ],
)
def test_a_port_of_another_stack_is_found_before_the_scheduler_waits_for_it(
    tmp_path: Path, there: dict[str, Any], words: str
) -> None:
    name = there["id"].removeprefix("service-")
    swarm = manager(services=[there], tasks=[task(name)])
    with pytest.raises(RefusedError, match=words) as caught:
        up(tmp_path, swarm)
    assert caught.value.problems[0].path == "services.edge.ports"
    assert "docker stack rm other" in caught.value.problems[0].hint


def test_a_host_port_on_another_node_is_free(tmp_path: Path) -> None:
    there = service("traefik", "other", **TRAEFIK)
    swarm = running()
    swarm.services = [*swarm.services, there]
    swarm.tasks = [*swarm.tasks, task("traefik", node="node-two")]
    up(tmp_path, swarm)


def container(**changes: Any) -> dict[str, Any]:
    ports = {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "80"}]}
    good = {"id": "c1", "name": "/old-web-1", "image": "nginx", "state": {"Status": "running"}, "ports": ports}
    return {**good, "labels": {"com.docker.compose.project": "old"}, **changes}


def test_a_container_of_the_edges_node_holds_a_port(tmp_path: Path) -> None:
    swarm = running(containers=[container()])
    with pytest.raises(RefusedError, match="held by container `old-web-1` of compose project `old`"):
        up(tmp_path, swarm)
    swarm.containers = [container(labels={"com.docker.swarm.service.id": "service-edge"})]
    up(tmp_path, swarm)


def test_traefiks_own_change_is_told_before_it_happens(tmp_path: Path) -> None:
    assert not any("going to be replaced" in note for note in up(tmp_path, running()))
    config = stack()
    config["services"]["edge"] = {
        **config["services"]["edge"],
        "image": "traefik:v3.7.16",
        "command": ["--providers.swarm=true", "--entrypoints.web.address=:80", "--accesslog=true"],
    }
    swarm = running(config=config)
    told: list[int] = []
    swarm.on_deploy = lambda: told.append(1)
    notes = up(tmp_path, swarm)
    (note,) = [note for note in notes if "going to be replaced" in note]
    assert "because of its image (traefik:v3.7.15 -> traefik:v3.7.16) and flags (accesslog)" in note
    assert notes.index(note) < notes.index("Updating service"), "before it happens"


def test_what_traefik_mounts_and_publishes_is_compared_too(tmp_path: Path) -> None:
    config = stack(configs={"tls": {"name": "shop-tls-2", "file": "/x"}}, secrets={"ca": {"name": "shop-ca-1"}})
    port = {"mode": "host", "target": 443, "published": 443, "protocol": "tcp"}
    edge = {**config["services"]["edge"], "configs": [{"source": "tls"}], "secrets": [{"source": "ca"}]}
    config["services"]["edge"] = {**edge, "ports": [*edge["ports"], port]}
    mounted = {"configs": [{"ConfigName": "shop-tls-1"}], "secrets": [{"SecretName": "shop-ca-1"}]}
    there = [service("edge", "shop", **{**TRAEFIK, **mounted}), service("app", "shop")]
    (note,) = [note for note in up(tmp_path, running(config=config, services=there)) if "going to be" in note]
    assert "because of its ports and configs: " in note


def test_an_edge_that_nobody_runs_can_not_be_used(tmp_path: Path) -> None:
    config = stack(services={"app": {"image": "app:1"}})
    swarm = manager(config=config)
    with pytest.raises(RefusedError, match="no Traefik of project `nobody` runs") as caught:
        up(tmp_path, swarm, wish=Wish(use="nobody"))
    assert (caught.value.exit_code, caught.value.problems[0].path) == (3, "edge.use")
    closed = ["--providers.swarm=true", "--entrypoints.web.address=:80", "--entrypoints.websecure.address=:443",
              "--providers.swarm.constraints=Label(`com.docker.stack.namespace`,`main`)"]  # fmt: skip
    swarm.services = [service("traefik", "main", **{**TRAEFIK, "args": closed})]
    with pytest.raises(RefusedError, match="`main_traefik` does not serve other projects"):
        up(tmp_path, swarm, wish=Wish(use="main"))


def test_a_traefik_that_reads_every_stack_is_told(tmp_path: Path) -> None:
    swarm = running()
    stranger = service("traefik", "open", **{**TRAEFIK, "endpoint": {}})
    swarm.services = [*swarm.services, stranger]
    assert any("`open_traefik` reads the labels of every stack" in note for note in up(tmp_path, swarm))


BUILT = {
    "edge": stack()["services"]["edge"],
    "app": {"image": "r.shop.test/app:1"},
    "registry": {
        "image": "registry:3",
        "deploy": {"labels": {"traefik.http.routers.registry-https.rule": "Host(`r.shop.test`)"}},
    },
}
DIGEST = "sha256:" + "a" * 64


def written(folder: Path, swarm: Manager) -> Any:
    """The stack's own file has what `docker stack config` leaves out: what is built."""
    made = backend(folder, swarm)
    data = json.loads((folder / "stack.yml").read_text())
    data["services"]["app"]["build"] = {"context": "."}
    data["services"]["app"]["env_file"] = "app.env"
    data["secrets"] = {"key": {"name": "shop-key-1", "file": "./secrets/key"}}
    (folder / "stack.yml").write_text(json.dumps(data))
    return made


def building(**scripted: Result) -> Manager:
    swarm = manager(config=stack(services=BUILT))
    swarm.scripted = {
        ("compose", "version"): Result(0, "5.6.1\n"),
        ("push",): scripted.get("push", Result(0, f"1: digest: {DIGEST} size: 1\n")),
        ("compose",): Result(0),
    }
    return swarm


def comes_up(swarm: Manager, *names: str) -> None:
    swarm.services = [service(name, "shop") for name in names]
    swarm.tasks = [task(name) for name in names]


def test_built_images_are_pushed_to_the_stacks_own_registry_and_run_by_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgegen.deploy.backends.swarm_images.compose_cli.find", lambda _: ("docker", "compose"))
    swarm = building()
    deployed: list[Command] = []

    def deploy() -> None:
        deployed.append(swarm.ran[-1])
        comes_up(swarm, "edge", "registry", *(["app"] if len(deployed) > 1 else []))

    swarm.on_deploy = deploy
    notes = Notes()
    steps.up(written(tmp_path, swarm), notes, Start(30), Asked(wish=Wish(owner="shop-1a")))
    first, second = deployed
    part = json.loads(first.stdin or "")
    assert set(part["services"]) == {"edge", "registry"}
    assert part["secrets"]["key"]["file"] == "./secrets/key"
    assert first.folder == second.folder == tmp_path, "where its paths begin"
    assert [body["deploy"]["labels"]["edgegen.owner"] for body in part["services"].values()] == ["shop-1a", "shop-1a"]
    assert "--prune" not in first.argv
    assert json.loads(second.stdin or "")["services"]["app"]["image"] == f"r.shop.test/app:1@{DIGEST}"
    order = [command.argv[1:3] for command in swarm.ran if command.argv[1] in ("compose", "push", "stack")]
    assert order == [
        ("stack", "config"), ("compose", "-f"), ("stack", "deploy"), ("push", "r.shop.test/app:1"), ("stack", "deploy"),
    ]  # fmt: skip
    assert "starting `registry` first: built images are pushed to it" in notes


def test_a_push_that_fails_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgegen.deploy.backends.swarm_images.compose_cli.find", lambda _: ("docker", "compose"))
    swarm = building(push=Result(1, "", "unauthorized: authentication required"))
    comes_up(swarm, "registry", "edge", "app")
    with pytest.raises(OutsideError) as caught:
        steps.up(written(tmp_path, swarm), Notes(), Start(30))
    (problem,) = caught.value.problems
    assert (caught.value.exit_code, problem.path) == (4, "services.app.image")
    assert problem.hint == "log in first: `docker login r.shop.test`, or `edgegen registry login`"
    assert swarm.called("stack", "deploy") == []
    steps.up(written(tmp_path, swarm), Notes(), Start(30, build=False))
    assert len(swarm.called("push")) == 1, "nothing is built or pushed with --no-build"


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        ("app:1", ""),
        ("acme/app", ""),
        ("r.test/app:1", "r.test"),
        ("localhost/app", "localhost"),
        ("h:5000/a", "h:5000"),
    ],
)
def test_the_registry_of_an_image(image: str, registry: str) -> None:
    assert ImageRef(image).registry == registry


SECRET_NET = {"secret": {"name": "shop_secret", "driver": "overlay", "driver_opts": {"encrypted": ""}}}


def proving(end: str, **changes: Any) -> Manager:
    """Two nodes, and a proof whose client ends in a state."""
    nodes = [labelled("one", EDGE_LABEL), labelled("two")]
    swarm = running(nodes=nodes, config=stack(networks={**stack()["networks"], **SECRET_NET}), **changes)
    own = list(swarm.services)
    proof = [{**service(part, "x"), "name": f"shop_edgegen-proof-{part}"} for part in ("server", "client")]
    net = [{"Network": {"Spec": {"Name": "shop_edgegen-proof"}}, "Addresses": ["10.0.9.2/24"]}]
    swarm.services = [*own, *proof]
    done = "shutdown" if end != "running" else "running"
    swarm.tasks = [*swarm.tasks, task("server", networks=net), task("client", state=end, desired=done)]
    swarm.scripted = {("service", "create"): Result(0), ("service", "rm"): Result(0)}
    return swarm


def test_the_names_of_a_proof_fit_and_stay_apart() -> None:
    """Swarm takes 63 characters, and the longest stack with an edge of its own has 43."""
    names = [Proof(Talk(Manager()), stack, "traefik:v3.7").name for stack in ("s", "s" * 42, "s" * 43, f"{'s' * 42}t")]
    assert names[0] == "s_edgegen-proof"
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9](?:[-_]*[a-z0-9]+)*", name) and len(f"{name}-client") <= 63 for name in names)


def test_an_encrypted_network_is_used_only_after_a_packet_has_passed(tmp_path: Path) -> None:
    swarm = proving("complete")
    up(tmp_path, swarm)
    server, client = swarm.called("service", "create")
    assert "node.id==node-one" in server.argv
    assert "node.id==node-two" in client.argv
    assert client.argv[-3:] == ("healthcheck", "--ping=true", "--entrypoints.traefik.address=10.0.9.2:8080")
    assert swarm.called("network", "create")[0].argv[3:7] == ("--driver", "overlay", "--opt", "encrypted")
    assert swarm.called("network", "rm")
    assert swarm.ran.index(client) < swarm.ran.index(swarm.called("stack", "deploy")[0])


@pytest.mark.parametrize("end", ["failed", "running"])
def test_an_encrypted_network_that_carries_nothing_is_refused_before_anything_is_deployed(
    tmp_path: Path, end: str
) -> None:
    swarm = proving(end)
    with pytest.raises(RefusedError, match="would carry nothing: a packet from node `two` did not reach node `one`"):
        up(tmp_path, swarm)
    assert swarm.called("stack", "deploy") == []
    assert swarm.called("network", "rm")
    assert swarm.made == set(), "nothing of the proof is left"


@pytest.mark.parametrize("part", ["server", "client"])
@pytest.mark.parametrize("state", ["rejected", "failed", "preparing"])
def test_a_traefik_that_can_not_start_says_nothing_about_the_network(tmp_path: Path, part: str, state: str) -> None:
    swarm = proving("complete")
    error = {"rejected": "No such image: traefik:v3.7.15", "failed": "starting container failed: oci"}.get(
        state, "slow"
    )
    desired = "running" if state == "preparing" else "shutdown"
    of = f"service-{part}"
    bad = task(part, state=state, desired=desired, error=error)
    swarm.tasks = [*(one for one in swarm.tasks if one["service"] != of), bad]
    with pytest.raises(OutsideError, match=f"the {part} of the test .* did not start on node .*: {error}") as caught:
        up(tmp_path, swarm)
    assert caught.value.exit_code == 4
    assert swarm.called("stack", "deploy") == []
    assert swarm.made == set()


def test_a_server_without_an_address_is_no_proof(tmp_path: Path) -> None:
    swarm = proving("complete")
    swarm.tasks = [{**one, "networks": []} if one["service"] == "service-server" else one for one in swarm.tasks]
    with pytest.raises(OutsideError, match="the server of the test"):
        up(tmp_path, swarm)
    assert len(swarm.called("service", "create")) == 1


def test_one_node_proves_nothing_and_a_network_that_stands_is_not_proven_again(tmp_path: Path) -> None:
    swarm = proving("failed")
    swarm.nodes = [labelled("one", EDGE_LABEL)]
    up(tmp_path, swarm)
    swarm = proving("failed")
    listed = json.dumps({"ID": "n1", "Name": "shop_secret"})
    swarm.scripted = {**swarm.scripted, ("network", "ls", "--no-trunc"): Result(0, listed)}
    up(tmp_path, swarm)
    assert swarm.called("service", "create") == []


def test_a_failed_deployment_that_has_changed_something_is_five(tmp_path: Path) -> None:
    swarm = running(scripted={("stack", "deploy"): Result(1, "", "failed to create service shop_app: boom")})
    assert isinstance(_failing(tmp_path, swarm), OutsideError)
    swarm = running()

    def half_way(command: Command) -> Result:
        if command.argv[1:3] == ("stack", "deploy"):
            swarm.services = [*swarm.services, service("new", "shop")]
            return Result(1, "", "boom")
        return type(swarm).run(swarm, command)

    swarm.run = half_way  # type: ignore[method-assign]
    assert isinstance(_failing(tmp_path, swarm), PartialError)


def _failing(folder: Path, swarm: Manager) -> Exception:
    with pytest.raises(EdgegenError) as caught:
        up(folder, swarm)
    return caught.value
