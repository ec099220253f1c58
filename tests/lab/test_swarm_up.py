"""A stack on a swarm of one node, from its first start to its end, with the real engine, Traefik and ACME server."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.lab.authority import Authority
from tests.lab.clients import Client, DockerClient, skopeo, wait_for_certificate, wait_for_status, worked
from tests.lab.engine import docker
from tests.lab.ground import ADDRESS, Ground
from tests.lab.images import ensure
from tests.lab.stack import password
from tests.lab.swarm_project import SwarmProject, swarm_of_one
from tests.lab.waiting import until

HOST = "www.shop.test"
SECRET = "correct-horse-battery"
SPEC = """\
name: shop
target: swarm
acme: {email: ops@shop.test}
dns: {owner: shop-1a2b3c4d}
edge: {http3: true}
domains: {shop.test: {provider: none}}
services:
  web:
    image: lab/app:1
    port: 80
    host: www.shop.test
    environment: {COLOR: "${COLOR:?say which}"}
    secrets: [key]
    healthcheck: {test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:80/"], interval: 1s}
    deploy: {replicas: 2, update_config: {delay: 0s, monitor: 1s}}
  migrate:
    image: haproxy:3.2-alpine
    entrypoint: [sh, -c, "cat /run/secrets/key; exit 0"]
    restart: "no"
    secrets: [key]
    deploy: {update_config: {monitor: 1s}}
secrets: {key: {file: key.txt}}
"""


@pytest.fixture(scope="module")
def one_node(engine: Ground) -> Iterator[Ground]:
    with swarm_of_one(engine) as ground:
        yield ground


@pytest.fixture
def shop(one_node: Ground, authority: Authority, tmp_path: Path) -> Iterator[SwarmProject]:
    """The project, not started yet; removed by the engine's own client whatever has happened."""
    project = SwarmProject(one_node, authority, tmp_path / "project")
    project.write(SPEC)
    (project.folder / "key.txt").write_text(f"{SECRET}-1\n")
    (project.folder / ".env").write_text("COLOR=red\n")
    authority.point(HOST, ADDRESS)
    for image in ("lab/app:1", "lab/app:2", "traefik:v3.7", "haproxy:3.2-alpine"):
        ensure(one_node, image)
    yield project
    docker(one_node, "stack", "rm", "shop")
    ours = ("--filter", "label=com.docker.stack.namespace=shop")
    until("the stack is gone", lambda: not docker(one_node, "ps", "-aq", *ours))
    for kind in ("network", "volume"):
        until(f"each {kind} is gone", partial(_removed, one_node, kind))


def test_the_whole_way(shop: SwarmProject, tmp_path: Path) -> None:
    _no_secret_is_in_a_command_line_or_an_output(shop)
    wait_for_certificate(shop.ground, HOST)
    client = Client(shop.ground, shop.root)
    wait_for_status(client, HOST, 200)
    status = shop.status()
    assert status["ok"]
    assert [(item["service"], item["running"], item["wanted"]) for item in status["replicas"]] == [
        ("docker-socket-proxy", 1, 1), ("migrate", 1, 1), ("traefik", 1, 1), ("web", 2, 2),
    ]  # fmt: skip
    assert {row["node"] for row in status["services"]} == {"lab"}
    assert "COLOR=red" in shop.inspect("shop_web")["Spec"]["TaskTemplate"]["ContainerSpec"]["Env"]
    (first,) = _names(shop, "secret")
    _image_and_secret_are_updated(shop, client)
    _a_new_middleware_needs_no_restart(shop, client)
    _a_bad_image_is_rolled_back(shop, client)
    _of_old_secrets_the_last_one_is_kept(shop, first)
    _another_target_is_refused_while_it_runs(shop)
    orders = shop.authority.orders()
    _it_ends(shop)
    _it_is_refused_while_another_target_runs(shop)
    _a_built_image_is_pushed_to_the_stacks_own_registry_and_runs_by_its_digest(shop, tmp_path)
    _the_certificate_was_in_the_volume(shop, client, orders)


def _image_and_secret_are_updated(shop: SwarmProject, client: Client) -> None:
    edge = _task(shop, "traefik")
    _change(shop, "lab/app:1", "lab/app:2")
    (shop.folder / "key.txt").write_text(f"{SECRET}-2\n")
    said = shop.edgegen("up", "--wait", "90")
    assert "going to be replaced" not in said.stderr
    status = shop.status()
    assert status["ok"]
    assert {row["image"] for row in status["services"] if row["service"] == "web"} == {"lab/app:2"}
    assert client.get(HOST).status == 200
    assert _task(shop, "traefik") == edge, "an update of another service does not concern Traefik"
    (host,) = status["hosts"]
    assert (host["host"], host["dns"], host["addresses"]) == (HOST, "ok", [ADDRESS])
    assert host["certificate"]["names"] == [HOST]
    assert host["certificate"]["stored"]
    _each_migration_ran_once(shop)
    until("both tasks have the new secret", partial(_is_the_only_secret, shop, f"{SECRET}-2\n"))


def _a_new_middleware_needs_no_restart(shop: SwarmProject, client: Client) -> None:
    """Traefik's service is deployed alone before, and again with the others: two times the same."""
    edge = _task(shop, "traefik")
    _change(shop, "    host: www.shop.test\n", "    host: www.shop.test\n    middlewares: [marked]\n")
    _change(
        shop,
        "services:\n",
        "middlewares: {marked: {kind: headers, custom_response_headers: {x-mark: new}}}\nservices:\n",
    )
    shop.edgegen("up", "--wait", "90")
    assert _task(shop, "traefik") == edge
    until("the header is there", lambda: client.get(HOST).headers.get("x-mark") == "new")
    held = shop.inspect("shop_traefik")["Endpoint"]["Spec"]["Ports"]
    assert {(port["PublishedPort"], port["Protocol"]) for port in held} == {(80, "tcp"), (443, "tcp"), (443, "udp")}


def _each_migration_ran_once(shop: SwarmProject) -> None:
    """Swarm takes the second one's end for a failed update, although it has ended with 0."""
    assert shop.inspect("shop_migrate")["UpdateStatus"]["State"] == "completed"
    logs = json.loads(shop.edgegen("logs", "migrate", "--json").stdout)["lines"]
    assert sorted(line["text"] for line in logs) == [f"{SECRET}-1", f"{SECRET}-2"]


def _a_bad_image_is_rolled_back(shop: SwarmProject, client: Client) -> None:
    _change(shop, "lab/app:2", "lab/nowhere:1")
    refused = shop.edgegen("up", "--wait", "120", code=5).stderr
    assert "No such image: lab/nowhere:1" in refused
    lines = (shop.folder / "edge.yaml").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "lab/nowhere:1" in text)
    assert f"edge.yaml:{line}:5 services.web: the update was rolled back" in refused
    assert client.get(HOST).status == 200
    found = shop.status()
    assert [finding["name"] for finding in found["findings"]] == ["update-failed"]
    _change(shop, "lab/nowhere:1", "lab/app:2")


def _of_old_secrets_the_last_one_is_kept(shop: SwarmProject, first: str) -> None:
    (shop.folder / "key.txt").write_text(f"{SECRET}-3\n")
    shop.edgegen("up", "--wait", "90")
    assert shop.status()["ok"]
    until("both tasks have the third secret", partial(_is_the_only_secret, shop, f"{SECRET}-3\n"))
    kept = _names(shop, "secret")
    assert len(kept) == 2, "the present one, and the last generation"
    assert first not in kept
    began = time.monotonic()
    shop.edgegen("up", "--wait", "90", "--prune")
    assert time.monotonic() - began < 60, "what has not changed is not waited for"
    assert len(_names(shop, "secret")) == 1


def _is_the_only_secret(shop: SwarmProject, text: str) -> bool:
    """Whether two containers run, both with this text. One that was told to stop is listed a moment longer."""
    read = ("cat", "/run/secrets/key")
    seen = [shop.ground.run("docker", "exec", one, *read, check=False).stdout for one in _containers(shop)]
    return seen == [text] * 2


def _it_ends(shop: SwarmProject) -> None:
    logs = shop.edgegen("logs", "traefik", "--json", "--tail", "5")
    assert len(json.loads(logs.stdout)["lines"]) == 5
    shop.edgegen("down")
    for kind in ("network", "secret", "config"):
        assert _names(shop, kind) == []
    assert docker(shop.ground, "ps", "-aq") == ""
    assert _names(shop, "volume") == ["shop_acme"]


def _the_certificate_was_in_the_volume(shop: SwarmProject, client: Client, orders: int) -> None:
    """The stack has begun again, with the registry's host beside the one that it had before."""
    wait_for_certificate(shop.ground, HOST)
    wait_for_status(client, HOST, 200)
    assert shop.authority.orders() == orders + 1, "only the registry's is new"
    assert "deleted volume `shop_acme`" in shop.edgegen("down", "--volumes", "--yes").stderr
    assert _names(shop, "volume") == []


def test_what_is_refused_before_anything_is_changed(shop: SwarmProject) -> None:
    (shop.folder / ".env").write_text("")
    assert "COLOR" in shop.edgegen("up", code=3).stderr
    (shop.folder / ".env").write_text("COLOR=red\n")
    docker(shop.ground, "service", "create", "--detach", "--quiet", "--name", "other", "--publish",
           "mode=host,target=80,published=80", "--no-resolve-image", "lab/app:1")  # fmt: skip
    try:
        state = ("service", "ps", "other", "--format", "{{.CurrentState}}")
        until("the other service runs", lambda: "Running" in docker(shop.ground, *state))
        refused = shop.edgegen("up", code=3).stderr
        assert "port 80/tcp is held by service `other` on node `lab`" in refused
        assert "docker service rm other" in refused
    finally:
        docker(shop.ground, "service", "rm", "other")
    docker(shop.ground, "network", "create", "outer")
    (shop.folder / "edge.yaml").write_text(JOINING)
    try:
        refused = shop.edgegen("up", code=3).stderr
        assert "no Traefik of project `nobody` runs" in refused
        assert "the external network `outer` exists on this node only" in refused
    finally:
        docker(shop.ground, "network", "rm", "outer")
    assert _names(shop, "network") == _names(shop, "service") == []
    until("nothing runs", lambda: docker(shop.ground, "ps", "-aq") == "")


JOINING = """\
name: shop
target: swarm
edge: {use: nobody}
services:
  web: {image: "lab/app:1", port: 80, host: www.shop.test, networks: [outer]}
domains: {shop.test: {provider: none}}
networks: {outer: {external: true}}
"""
BUILT = """\
name: shop
target: swarm
acme: {email: ops@shop.test}
domains: {shop.test: {provider: none}}
services:
  hub: {kind: registry, host: r.shop.test, users: [ci]}
  web:
    image: r.shop.test/web:1
    build: .
    port: 80
    host: www.shop.test
    healthcheck: {test: [CMD, grep, -q, one, /said], interval: 1s}
    deploy: {update_config: {delay: 0s, monitor: 1s}}
"""


def _a_built_image_is_pushed_to_the_stacks_own_registry_and_runs_by_its_digest(
    shop: SwarmProject, tmp_path: Path
) -> None:
    shop.write(BUILT)
    shop.authority.point("r.shop.test", ADDRESS)
    secret = password(shop.render())
    for name, service in shop.compose["services"].items():
        if name != "web":
            ensure(shop.ground, service["image"])
    (shop.folder / "Dockerfile").write_text("FROM lab/app:1\nCOPY said /said\n")
    (shop.folder / "said").write_text("one\n")
    docker_client = DockerClient(shop.ground, tmp_path / "docker")
    docker_client.trust("r.shop.test", shop.root)
    there = {"DOCKER_CONFIG": str(docker_client.config)}
    refused = shop.edgegen("up", "--wait", "90", code=5, env=there).stderr
    assert "starting `hub` first" in refused
    assert "services.web.image: r.shop.test/web:1 could not be pushed" in refused
    assert "docker login r.shop.test" in refused
    worked(docker_client.run("login", "-u", "ci", "--password-stdin", "r.shop.test", stdin=secret))
    shop.edgegen("up", "--wait", "90", env=there)
    first = _runs(shop, "web")
    assert re.fullmatch(r"r\.shop\.test/web:1@sha256:[0-9a-f]{64}", first)
    pulled = ("copy", "--src-creds", f"ci:{secret}", "docker://r.shop.test/web:1", f"dir:{tmp_path / 'pulled'}")
    worked(skopeo(shop.ground, shop.root, *pulled))
    assert secret not in "".join(docker(shop.ground, "service", "inspect", "shop_web"))
    (shop.folder / "said").write_text("one more\n")
    shop.edgegen("up", "--wait", "90", env=there)
    assert _runs(shop, "web") != first, "a changed file is in what runs"


def _no_secret_is_in_a_command_line_or_an_output(shop: SwarmProject) -> None:
    shop.argvs = set()
    said = shop.edgegen("up", "--wait", "90", "-v")
    assert re.search(r"node `\S+` keeps the edge from now on: it has the label edgegen.shop.edge=true", said.stderr)
    for text in (*shop.argvs, said.stdout, said.stderr, shop.edgegen("status", "--json").stdout):
        assert SECRET not in text
    # Dozens of them, each short: a busy machine misses some.
    assert any(re.search(r"\bdocker .*\b(stack|service|node|network) ", line) for line in shop.argvs), "it saw none"
    shop.argvs = None
    shown = docker(shop.ground, "service", "inspect", "shop_web") + (shop.folder / "stack.yml").read_text()
    assert SECRET not in shown


def _another_target_is_refused_while_it_runs(shop: SwarmProject) -> None:
    _change(shop, "target: swarm", "target: compose")
    assert "the stack of target `swarm` still runs" in shop.edgegen("up", code=3).stderr
    _change(shop, "target: compose", "target: swarm")


def _it_is_refused_while_another_target_runs(shop: SwarmProject) -> None:
    _change(shop, "target: swarm", "target: compose")
    shop.edgegen("render")
    project = ("--label", "com.docker.compose.project=shop", "--label", "com.docker.compose.service=web")
    docker(shop.ground, "run", "-d", "--name", "shop-web-1", *project, "lab/app:1")
    _change(shop, "target: compose", "target: swarm")
    try:
        assert "the stack of target `compose` still runs (shop-web-1)" in shop.edgegen("up", code=3).stderr
    finally:
        docker(shop.ground, "rm", "-f", "shop-web-1")


def _change(shop: SwarmProject, old: str, new: str) -> None:
    path = shop.folder / "edge.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _names(shop: SwarmProject, kind: str) -> list[str]:
    label = "label=com.docker.stack.namespace=shop"
    return sorted(docker(shop.ground, kind, "ls", "--filter", label, "--format", "{{.Name}}").split())


def _task(shop: SwarmProject, service: str) -> str:
    words = ("service", "ps", "-q", "--filter", "desired-state=running", f"shop_{service}")
    return docker(shop.ground, *words).strip()


def _runs(shop: SwarmProject, service: str) -> str:
    """The image that the service's task was started from."""
    task = json.loads(docker(shop.ground, "inspect", "--type", "task", _task(shop, service)))[0]
    return str(task["Spec"]["ContainerSpec"]["Image"])


def _containers(shop: SwarmProject) -> list[str]:
    return docker(shop.ground, "ps", "-q", "--filter", "label=com.docker.swarm.service.name=shop_web").split()


def _removed(ground: Ground, kind: str) -> bool:
    """Whether nothing of the stack is left of a kind; what there is goes now, if its last user has gone."""
    found = docker(ground, kind, "ls", "-q", "--filter", "label=com.docker.stack.namespace=shop").split()
    return not found or ground.run("docker", kind, "rm", *found, check=False).returncode == 0
