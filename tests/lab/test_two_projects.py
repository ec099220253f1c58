"""Several projects on one engine: their edges leave each other alone, or share one Traefik because both say so."""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.lab.authority import Authority
from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.ground import ADDRESS, Ground
from tests.lab.stack import Stack, password

SECOND = "10.99.0.2"
WATCHED, SAMPLE = 60, 10
"""Seconds. Traefik reads the engine's events at once and repeats a failed order with every change: a minute shows both.
The planted fault shows within the sample."""
ERRORS = re.compile(r"\b(ERR|FTL|PNC)\b|level=error|defined multiple times")
OWN_PROVIDERS = ("docker", "file")


@dataclass
class Site:
    """One project with a web application and a dashboard, made by `init web`, on an address of its own."""

    stack: Stack
    domain: str
    address: str
    user: tuple[str, str] = ("", "")
    hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.hosts = self.hosts or (f"www.{self.domain}", self.domain, f"dash.{self.domain}")

    def client(self, *, trusting: bool = True) -> Client:
        return Client(self.stack.ground, self.stack.root if trusting else None, self.user, address=self.address)

    def log(self) -> str:
        """What its Traefik has said."""
        done = self.stack.ground.run("docker", "logs", self.stack.container("traefik"))
        return str(done.stdout + done.stderr)

    def routers(self) -> set[str]:
        """The routers of other providers than Traefik's own, by the API's word."""
        data = json.loads(self.client().get(f"dash.{self.domain}", "/api/rawdata").body)
        return {name for name in data["routers"] if name.rpartition("@")[2] in OWN_PROVIDERS}

    def names_in(self, edge: Site) -> set[str]:
        """Its routers in another project's Traefik."""
        return {name for name in edge.routers() if name.startswith(f"{self.stack.compose['name']}-")}

    def answers(self) -> int:
        return self.client().get(f"www.{self.domain}").status

    def stored(self) -> set[str]:
        """The names of its certificates."""
        data = json.loads((self.stack.folder / "acme" / "acme.json").read_text())["letsencrypt"]
        return {name for item in data["Certificates"] or () for name in _names(item["domain"])}


def test_two_edges_leave_each_other_alone(ground: Ground, authority: Authority, tmp_path: Path, proof: bool) -> None:
    one, two = _two(ground, authority, tmp_path)
    before = authority.orders()
    _start(one)
    _start(two)
    begun = time.monotonic()
    assert (one.answers(), two.answers()) == (200, 200)
    placed = authority.orders()
    assert placed - before == len(one.hosts) + len(two.hosts), "an order for each host, and none for the other's"
    while time.monotonic() - begun < (WATCHED if proof else SAMPLE):
        time.sleep(5)  # what must not happen has no event to wait for
        assert (one.answers(), two.answers()) == (200, 200)
    assert authority.orders() == placed
    for site in (one, two):
        assert [line for line in site.log().splitlines() if ERRORS.search(line)] == []
        assert site.stored() == set(site.hosts)
        assert site.routers() == _meant(site)
    two.stack.edgegen("down")
    names_that_one_edge_would_get_twice_are_refused(one, two)
    without_the_constraint_they_break_each_other(one, two)
    for site in (one, two):
        site.stack.overrides = {}
        _start(site)
    assert (one.answers(), two.answers()) == (200, 200)


def names_that_one_edge_would_get_twice_are_refused(one: Site, two: Site) -> None:
    """The first project's Traefik reads all labels, as an older version rendered it, and both have a `web`."""
    _without_constraint(one)
    _start(one)
    refused = two.stack.edgegen("up", code=3).stderr
    assert "router `web-https`" in refused
    assert f"edgegen up -C {one.stack.folder}" in refused
    assert docker(one.stack.ground, "ps", "-aq", "--filter", f"name={two.stack.compose['name']}-web") == ""


def without_the_constraint_they_break_each_other(one: Site, two: Site) -> None:
    """Planted: what is refused, done by hand."""
    assert one.answers() == 200
    _without_constraint(two)
    two.stack.up_by_hand()
    deadline = time.monotonic() + WATCHED
    while "defined multiple times" not in one.log() and time.monotonic() < deadline:
        time.sleep(0.5)  # the log announces nothing
    assert "HTTP router defined multiple times with different configurations" in one.log()
    # Traefik says so while it merges what its providers gave it, and only then lets go of the routes it had.
    wait_for_status(one.client(trusting=False), f"www.{one.domain}", 404)


def test_the_name_is_the_specs_whatever_the_environment_says(
    stack: Stack, authority: Authority, tmp_path: Path
) -> None:
    site = _made(stack, "one.example", ADDRESS)
    _start(site, env=ELSEWHERE)
    assert site.answers() == 200
    _it_has_its_name(stack, ELSEWHERE)
    containers = sorted(docker(stack.ground, "ps", "-aq").split())

    (stack.folder / ".env").write_text("COMPOSE_PROJECT_NAME=elsewhere\n")
    stack.edgegen("up", "--wait", "180")
    assert sorted(docker(stack.ground, "ps", "-aq").split()) == containers, "one more project, or another one"
    _it_has_its_name(stack, {})
    a_project_of_this_name_elsewhere_is_left_alone(site, Stack(stack.ground, authority, tmp_path / "copy"))
    stack.folder = stack.folder.rename(tmp_path / "moved")
    stack.edgegen("up", "--wait", "180")
    stack.edgegen("down", env=ELSEWHERE)
    assert docker(stack.ground, "ps", "-aq") == ""


def a_project_of_this_name_elsewhere_is_left_alone(site: Site, copied: Stack) -> None:
    stack = site.stack
    shutil.copytree(stack.folder, copied.folder)
    container = stack.container("web")
    refused = copied.edgegen("up", code=3).stderr
    assert f"already runs from {stack.folder}" in refused
    assert f"already runs from {stack.folder}" in copied.edgegen("down", code=3).stderr
    assert (stack.container("web"), site.answers()) == (container, 200)


ELSEWHERE = {"COMPOSE_PROJECT_NAME": "elsewhere"}


def _it_has_its_name(stack: Stack, env: dict[str, str]) -> None:
    listed = json.loads(stack.edgegen("status", "--json", env=env).stdout)
    assert listed["project"] == stack.compose["name"]
    assert {row["service"] for row in listed["services"]} >= {"traefik", "web"}
    assert "traefik" in stack.edgegen("logs", "traefik", env=env).stdout


def test_one_edge_for_two_projects(ground: Ground, authority: Authority, tmp_path: Path) -> None:
    one, two = _sharing(ground, authority, tmp_path)
    before = authority.orders()
    _start(one)
    two.stack.render()
    refused = two.stack.edgegen("up", code=3).stderr
    assert "does not serve other projects" in refused
    assert "serves: all" in refused

    _say(one, edge={"serves": "all"})
    _start(one)
    _start(two)
    assert (one.answers(), two.answers()) == (200, 200)
    assert Client(ground, port=80).get("two.example", "/a").location == "https://two.example/a"
    assert Client(ground, one.stack.root).get("two.example", "/a").location == "https://www.two.example/a"
    assert [line for line in one.log().splitlines() if ERRORS.search(line)] == []
    assert authority.orders() - before == len(one.hosts) + len(two.hosts)
    assert one.stored() == {*one.hosts, *two.hosts}
    assert set(two.stack.compose["services"]) == {"web"}
    assert two.names_in(one) == {
        f"{two.stack.compose['name']}-web-{kind}@docker" for kind in ("http", "https", "alias")
    }

    looking = ("--allow-private", "--ca-file", str(one.stack.root))
    done = two.stack.run("verify", "--json", *looking)
    verified = {
        item["name"]: item for item in json.loads(done.stdout)["findings"] if item["subject"] == "www.two.example"
    }
    for name in ("certificate-trust", "certificate-name", "https-redirect", "hsts"):
        assert verified[name]["outcome"] == "pass", verified[name]
    assert "certificate-issuer" not in verified, "whose authority it is stands in the other project's spec"
    explained = two.stack.run("explain", "https://www.two.example", *looking)
    assert explained.returncode == 0, explained.stdout + explained.stderr
    _say(one, edge={"serves": "own"})
    one.stack.edgegen("up")
    found = two.stack.run("explain", "https://www.two.example", *looking)
    assert found.returncode == 1, found.stdout + found.stderr
    assert "serves: all" in found.stdout + found.stderr


def _sharing(ground: Ground, authority: Authority, tmp_path: Path) -> tuple[Site, Site]:
    """Two projects of `init web`; the second one uses the first one's edge."""
    one = _made(Stack(ground, authority, tmp_path / "one"), "one.example", ADDRESS)
    stack = Stack(ground, authority, tmp_path / "two")
    stack.folder.mkdir()
    stack.edgegen("init", "web", "two.example")
    path = stack.folder / "edge.yaml"
    spec = yaml.safe_load(path.read_text())
    del spec["acme"]
    spec["edge"] = {"use": one.stack.compose["name"]}
    path.write_text(yaml.safe_dump(spec, sort_keys=False))
    for host in ("www.two.example", "two.example"):
        authority.point(host, ADDRESS)
    return one, Site(stack, "two.example", ADDRESS, hosts=("www.two.example", "two.example"))


def _say(site: Site, **sections: dict[str, Any]) -> None:
    """Change keys of sections of the spec."""
    path = site.stack.folder / "edge.yaml"
    spec = yaml.safe_load(path.read_text())
    for section, keys in sections.items():
        spec[section] = {**spec.get(section, {}), **keys}
    path.write_text(yaml.safe_dump(spec, sort_keys=False))


def _two(ground: Ground, authority: Authority, tmp_path: Path) -> tuple[Site, Site]:
    ground.run("sh", "-c", f"ip address show lo | grep -q {SECOND} || ip address add {SECOND}/32 dev lo")
    one = _made(Stack(ground, authority, tmp_path / "one"), "one.example", ADDRESS)
    return one, _made(Stack(ground, authority, tmp_path / "two"), "two.example", SECOND)


def _made(stack: Stack, domain: str, address: str) -> Site:
    """`init web`, with the dashboard to look into Traefik, bound to one address of the machine."""
    stack.folder.mkdir(parents=True, exist_ok=True)
    stack.edgegen("init", "web", domain, "--email", f"ops@{domain}")
    path = stack.folder / "edge.yaml"
    spec = yaml.safe_load(path.read_text())
    spec["edge"] = {"bind": address, "dashboard": {"host": f"dash.{domain}", "users": ["ops"]}}
    path.write_text(yaml.safe_dump(spec, sort_keys=False))
    stack.use_lab_authority()
    site = Site(stack, domain, address, ("ops", password(stack.render())))
    for host in site.hosts:
        stack.authority.point(host, address)
    return site


def _start(site: Site, env: dict[str, str] | None = None) -> None:
    site.stack.up(env=env)
    for host in site.hosts:
        wait_for_certificate(site.stack.ground, host, address=site.address)
    wait_for_status(site.client(trusting=False), f"www.{site.domain}", 200)


def _without_constraint(site: Site) -> None:
    command = site.stack.compose["services"]["traefik"]["command"]
    without = [word for word in command if ".constraints=" not in word]
    assert len(without) == len(command) - 1
    site.stack.overrides = {"traefik": {"command": without}}


def _meant(site: Site) -> set[str]:
    """The routers that the rendered files name."""
    compose = site.stack.compose
    labels = [label for service in compose["services"].values() for label in service.get("labels") or ()]
    found = {match[1] for label in labels if (match := re.match(r"traefik\.http\.routers\.([^.]+)\.", label))}
    dynamic = yaml.safe_load((site.stack.folder / "traefik" / "dynamic" / "services.yml").read_text())
    assert found
    return {f"{name}@docker" for name in found} | {f"{name}@file" for name in dynamic["http"]["routers"]}


def _names(domain: dict[str, Any]) -> list[str]:
    return [domain["main"], *(domain.get("sans") or ())]
