"""A real swarm, whose links are broken one after another: what `explain`, `cert list` and `dns` say of each."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.deploy.runner import Runner
from edgegen.deploy.swarm.nodes import nodes
from edgegen.deploy.swarm.services import services
from edgegen.deploy.swarm.tasks import tasks
from tests.lab.authority import Authority
from tests.lab.clients import wait_for_certificate
from tests.lab.engine import docker
from tests.lab.ground import ADDRESS, Ground
from tests.lab.images import ensure, ensure_images
from tests.lab.stack import Stack
from tests.lab.swarm_project import give_account

DEADLINE = 120.0
_PAUSE = 0.5
"""Seconds between two looks: each of them asks the engine ten questions, and nothing announces that Traefik is done."""
IMAGE = "lab/app:1"
CANARY = "canary-of-a-variable"
FAULTS = ("under", "portless", "apart", "absent")
MORE = ("both", "waiting", "ending")
"""Faults of the whole proof: each costs seconds of waiting."""
SPEC = f"""\
name: shop
target: swarm
domains: {{example.com: {{provider: zonefile, addresses: [auto]}}}}
services:
  web: {{image: "{IMAGE}", port: 80, host: www.example.com, environment: {{PASSWORD: {CANARY}}}}}
"""
OPEN_TRAEFIK = ("--entrypoints.web.address=:81", "--providers.swarm=true", "--providers.swarm.exposedbydefault=false")


class Swarm:
    """The stack on its one node."""

    def __init__(self, stack: Stack, faults: tuple[str, ...]) -> None:
        self.stack = stack
        self.faults = faults
        """A service for each fault."""
        self.file = stack.folder / "stack.yml"

    @property
    def hosts(self) -> set[str]:
        return {f"{name}.example.com" for name in ("www", *self.faults)}

    def up(self, code: int = 0) -> str:
        done = self.stack.edgegen("up", "--wait", "100", code=code)
        return done.stdout + done.stderr

    def explain(self, host: str) -> tuple[int, dict[str, Any]]:
        """The exit code, and the result. No value of a variable is in it."""
        looking = ("--ca-file", str(self.stack.root), "--allow-private")
        done = self.stack.run("explain", f"https://{host}", "--json", *looking)
        assert CANARY not in done.stdout + done.stderr
        return done.returncode, json.loads(done.stdout)

    def until(self, host: str, link: str, *said: str) -> dict[str, Any]:
        """The link, once it is broken as it should be: Traefik and the swarm take their time."""
        end = time.monotonic() + DEADLINE
        while True:
            code, found = self.explain(host)
            broken = {item["link"]: item for item in found["links"] if item["state"] == "broken"}
            if code == 1 and link in broken and all(word in broken[link]["message"] for word in said):
                return dict(broken[link])
            assert time.monotonic() < end, f"{host}: {link} does not say {said}: {json.dumps(found, indent=1)}"
            time.sleep(_PAUSE)

    def until_green(self, *hosts: str) -> None:
        """Every host, once all of its links are good."""
        for host in hosts:
            end = time.monotonic() + DEADLINE
            while self.explain(host)[0] != 0:
                assert time.monotonic() < end, json.dumps(self.explain(host)[1], indent=1)
                time.sleep(_PAUSE)

    def deploy(self, data: dict[str, Any]) -> None:
        """A stack file that somebody has edited."""
        self.file.write_text(yaml.safe_dump(data, sort_keys=False))
        words = ("stack", "deploy", "--resolve-image", "never", "--detach=true", "-c", "stack.yml", "shop")
        self.stack.ground.run("docker", *words, cwd=self.stack.folder, seconds=120)


@pytest.fixture
def swarm(one_node: Ground, authority: Authority, tmp_path: Path, proof: bool) -> Swarm:
    ensure(one_node, IMAGE)
    ensure(one_node, "traefik:lab")
    stack = Stack(one_node, authority, tmp_path / "project", hasty=False)
    faults = (*FAULTS, *MORE) if proof else FAULTS
    lines = (f'  {name}: {{image: "{IMAGE}", port: 80, host: {name}.example.com}}\n' for name in faults)
    stack.write(SPEC + "".join(lines))
    stack.render()
    ensure_images(one_node, yaml.safe_load((stack.folder / "stack.yml").read_text()))
    give_account(one_node, stack.folder)
    return Swarm(stack, faults)


def test_each_broken_link_has_its_words_and_its_line(swarm: Swarm, proof: bool) -> None:
    """The socket proxy takes half a minute to be replaced twice: only in the whole proof."""
    swarm.up()
    for host in sorted(swarm.hosts):
        wait_for_certificate(swarm.stack.ground, host)
    swarm.until_green("www.example.com")
    what_the_readers_see(swarm)
    the_certificates_are_those_of_the_volume(swarm)
    a_private_address_is_asked_for(swarm)
    an_update_that_fails(swarm)

    good = swarm.file.read_text()
    swarm.deploy(broken(yaml.safe_load(good), swarm.faults))
    each_fault_of_a_service(swarm)
    if proof:
        more_faults_of_a_service(swarm)
    another_stacks_traefik(swarm)
    if proof:
        the_socket_proxy_refuses(swarm, good)
    swarm.file.write_text(good)
    swarm.up()
    swarm.until_green(*sorted(swarm.hosts))


def broken(data: dict[str, Any], faults: tuple[str, ...]) -> dict[str, Any]:
    """One fault in each of the services."""
    found = data["services"]
    found["under"]["labels"] = found["under"]["deploy"].pop("labels")
    del found["portless"]["deploy"]["labels"]["traefik.http.services.portless.loadbalancer.server.port"]
    data["networks"]["elsewhere"] = {"driver": "overlay"}
    found["apart"]["networks"] = ["elsewhere"]
    found["absent"]["image"] = "nowhere/absent:9"
    if "both" in faults:
        found["both"]["deploy"]["labels"]["traefik.docker.network"] = "shop_edge"
        found["waiting"]["deploy"]["placement"] = {"constraints": ["node.labels.moon == true"]}
        found["ending"]["entrypoint"] = ["/bin/sh", "-c", "exit 3"]
    for name in faults:
        found[name]["deploy"].pop("update_config", None)  # at once, and without a rollback
    return data


def each_fault_of_a_service(swarm: Swarm) -> None:
    under = swarm.until("under.example.com", "router", "is under `labels:`", "only reads `deploy.labels`")
    file, line, _ = under["where"].split(":")
    assert file == "stack.yml"
    assert "traefik.enable" in swarm.file.read_text().splitlines()[int(line) - 1]
    portless = swarm.until("portless.example.com", "router", "has no label", "loadbalancer.server.port")
    assert portless["where"].startswith("edge.yaml:")
    swarm.until("apart.example.com", "service", "shop_apart is on no network of shop_traefik")
    absent = swarm.until("absent.example.com", "container", "No such image: nowhere/absent:9")
    assert (absent["where"].split(":")[0], "docker login" in absent["hint"]) == ("edge.yaml", True)


def more_faults_of_a_service(swarm: Swarm) -> None:
    swarm.until("both.example.com", "router", "`traefik.docker.network` and `traefik.swarm.network`", "has both")
    waiting = swarm.until("waiting.example.com", "container", "no suitable node (scheduling constraints not satisfied")
    assert "node.labels.moon == true" in waiting["message"]
    swarm.until("ending.example.com", "container", "non-zero exit (3)")


def another_stacks_traefik(swarm: Swarm) -> None:
    """Without a constraint it reads everybody's labels."""
    label = ("--label", "com.docker.stack.namespace=hub")
    create = ("service", "create", "--detach", "--name", "hub_traefik", *label, "traefik:lab", *OPEN_TRAEFIK)
    docker(swarm.stack.ground, *create)
    code, found = swarm.explain("www.example.com")
    said = [remark for link in found["links"] for remark in link["also"]]
    assert any("hub_traefik reads the labels of shop_web too, besides shop_traefik" in remark for remark in said), said
    assert code == 0, "it may harm, but this host is served"
    docker(swarm.stack.ground, "service", "rm", "hub_traefik")


def the_socket_proxy_refuses(swarm: Swarm, good: str) -> None:
    """A proxy without the right to read nodes: Traefik drops every task, and only its log says so."""
    data = yaml.safe_load(good)
    (name,) = (name for name in data["configs"] if "proxy" in name)
    config = data["configs"][name]
    text = (swarm.stack.folder / config["file"]).read_text()
    assert "|nodes/[a-zA-Z0-9]{1,64}" in text, text
    (swarm.stack.folder / "narrow.cfg").write_text(text.replace("|nodes/[a-zA-Z0-9]{1,64}", ""))
    config |= {"file": "./narrow.cfg", "name": "shop-narrow"}
    swarm.deploy(data)
    swarm.until("www.example.com", "router", "the socket proxy refuses what Traefik asks the engine")


def an_update_that_fails(swarm: Swarm) -> None:
    """It is rolled back, so the host goes on being served; but not by what edge.yaml says."""
    spec = swarm.stack.folder / "edge.yaml"
    good = spec.read_text()
    data = yaml.safe_load(good)
    data["services"]["web"]["image"] = "nowhere/gone:2"
    spec.write_text(yaml.safe_dump(data, sort_keys=False))
    swarm.up(code=5)
    found = swarm.until("www.example.com", "container", "was rolled back", "No such image: nowhere/gone:2")
    assert f"{IMAGE} runs, and edge.yaml asks for nowhere/gone:2" in found["message"]
    spec.write_text(good)
    swarm.stack.render()


def what_the_readers_see(swarm: Swarm) -> None:
    """The templates of our questions, answered by the real client."""
    runner = Runner((("DOCKER_HOST", swarm.stack.ground.docker_host),))
    (node,) = nodes(runner)
    assert (node.role, node.state, node.address, node.is_leader) == ("manager", "ready", ADDRESS, True)
    assert node.has("edgegen.shop.edge")
    found = {item.short_name: item for item in services(runner, "shop")}
    assert set(found) == {"traefik", "docker-socket-proxy", "web", *swarm.faults}
    assert "PASSWORD" in found["web"].variables
    assert CANARY not in repr(found)
    assert found["traefik"].mounts["/acme"] == "shop_acme"
    assert {port.port for port in found["traefik"].ports} == {80, 443}
    assert found["traefik"].is_traefik
    (task,) = (task for task in tasks(runner, [found["web"]]) if task.serves)
    assert (task.node, task.slot, "shop_edge" in task.networks) == (node.id, 1, True)
    assert docker(swarm.stack.ground, "inspect", "--format", "{{.Id}}", task.container).strip() == task.container


def the_certificates_are_those_of_the_volume(swarm: Swarm) -> None:
    looking = ("--ca-file", str(swarm.stack.root), "--allow-private")
    done = swarm.stack.edgegen("cert", "list", "--json", *looking)
    found = json.loads(done.stdout)
    stored = {name for item in found["certificates"] if item["resolver"] for name in item["names"]}
    assert stored == swarm.hosts
    assert {item["outcome"] for item in found["findings"]} == {"pass"}
    assert not (swarm.stack.folder / "acme" / "acme.json").exists(), "it is not a file of the project"


def a_private_address_is_asked_for(swarm: Swarm) -> None:
    done = swarm.stack.edgegen("dns", "plan", code=3)
    assert f"which the swarm knows as {ADDRESS}: not a public address (private)" in done.stderr
    assert "Write the public address that leads to `lab` instead of `auto`" in done.stderr
    spec = swarm.stack.folder / "edge.yaml"
    good = spec.read_text()
    spec.write_text(good.replace("auto", "157.245.51.137"))
    assert "157.245.51.137" in swarm.stack.edgegen("dns", "plan").stdout
    spec.write_text(good)
