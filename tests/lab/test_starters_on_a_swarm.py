"""The starters `drupal` and `web-replicas` with `--target swarm`, on a swarm of one node.

Stand-ins: `drupal:7.92` is a page on PHP that says what it reaches and reads (`data/reach.php`), `postgres:14-alpine`
is Debian's PostgreSQL 15, `nginx:1.27.3-alpine` a page of BusyBox.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.lab.asking import Requests
from tests.lab.authority import Authority
from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.images import ensure_images
from tests.lab.starter import begin
from tests.lab.swarm_project import SwarmProject, swarm_of_one
from tests.lab.waiting import until

HOST = "app.commenthouse.com"
STACK = "app-commenthouse"


@pytest.fixture(scope="module")
def node(engine: Ground) -> Iterator[Ground]:
    with swarm_of_one(engine) as ground:
        yield ground


@pytest.fixture
def project(node: Ground, authority: Authority, tmp_path: Path) -> Iterator[SwarmProject]:
    yield SwarmProject(node, authority, tmp_path / "project")
    docker(node, "stack", "rm", STACK)
    until("the stack is gone", lambda: not docker(node, "ps", "-aq"))
    for kind in ("network", "volume"):
        until(f"each {kind} is gone", partial(_removed, node, kind))


def start(project: SwarmProject, template: str) -> Client:
    """The starter as it is written, and a visitor to whom it answers."""
    begin(project, template, HOST, "--target", "swarm")
    _replaced(project, ("interval: 5s", "interval: 1s"))  # this engine asks for the first time when it is over
    project.render()
    ensure_images(project.ground, project.compose)
    project.edgegen("up", "--wait", "120")
    wait_for_certificate(project.ground, HOST)
    visitor = Client(project.ground, project.root)
    wait_for_status(visitor, HOST, 200)
    return visitor


def test_drupal_finds_its_secret_its_config_and_its_row_again(project: SwarmProject) -> None:
    visitor = start(project, "drupal")
    assert _asked(visitor, "/file/my_secret") == {"text": (project.folder / "secrets/my_secret").read_text()}
    assert _asked(visitor, "/file/my_config") == {"text": "greeting = hello\n"}
    until("the database is there", lambda: _asked(visitor, "/select") == {"rows": [{"two": "2"}]})
    assert visitor.request("POST", HOST, "/rows", b"a row").status == 200
    docker(project.ground, "service", "rm", f"{STACK}_pg")
    until("PostgreSQL is gone", lambda: not _containers(project, "pg"))
    assert "error" in _asked(visitor, "/rows")
    project.edgegen("up", "--wait", "120")
    until("the row is there again", lambda: _asked(visitor, "/rows") == {"rows": [{"word": "a row"}]})
    password = (project.folder / "secrets/pg-password").read_text().strip()
    assert password not in json.dumps([project.inspect(f"{STACK}_{name}") for name in ("pg", "drupal")])


def test_three_replicas_that_come_back_and_that_change_without_a_lost_request(project: SwarmProject) -> None:
    visitor = start(project, "web-replicas")
    first = _containers(project, "web")
    assert len(first) == 3
    project.ground.run("kill", "-9", docker(project.ground, "inspect", "-f", "{{.State.Pid}}", first[0]).strip())
    until("the killed one is noticed", lambda: first[0] not in _containers(project, "web"))
    until("there are three again", lambda: len(_healthy(project)) == 3)

    with Requests(visitor, HOST) as requests:
        before = _containers(project, "web")
        _replaced(project, ("NAME: robert", "NAME: anna"), ("greeting = hello", "greeting = hi"))
        project.edgegen("up", "--wait", "120")
        assert not {*before} & {*_containers(project, "web")}, "a service is changed by new tasks"
    assert requests.statuses == {200}, requests.statuses
    assert requests.count > 20
    for container in _containers(project, "web"):
        assert docker(project.ground, "exec", container, "cat", "/custom-dir/my_config") == "greeting = hi\n"
        assert "NAME=anna" in docker(project.ground, "inspect", "-f", "{{.Config.Env}}", container)


def _replaced(project: SwarmProject, *changes: tuple[str, str]) -> None:
    """Edit edge.yaml."""
    path = project.folder / "edge.yaml"
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def _asked(visitor: Client, path: str) -> Any:
    return json.loads(visitor.get(HOST, path).body)


def _containers(project: SwarmProject, service: str, *words: str) -> list[str]:
    label = f"label=com.docker.swarm.service.name={STACK}_{service}"
    return docker(project.ground, "ps", "-q", "--filter", label, *words).split()


def _healthy(project: SwarmProject) -> list[str]:
    return _containers(project, "web", "--filter", "health=healthy")


def _removed(ground: Ground, kind: str) -> bool:
    names = docker(ground, kind, "ls", "-q", "--filter", f"label=com.docker.stack.namespace={STACK}").split()
    return not names or ground.run("docker", kind, "rm", *names, check=False).returncode == 0
