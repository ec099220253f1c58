"""The starters `drupal` and `web-replicas` with `--target swarm`, on a swarm of one node.

Stand-ins: `drupal:7.92` is a page on PHP that says what it reaches and reads (`data/reach.php`), `postgres:14-alpine`
is Debian's PostgreSQL 15, `nginx:1.27.3-alpine` a page of BusyBox.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lab.asking import Requests
from tests.lab.authority import Authority
from tests.lab.clients import Client
from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.swarm_project import SwarmProject, swarm_of_one
from tests.lab.swarm_starter import containers, edit, project_on, start
from tests.lab.waiting import until

HOST = "app.commenthouse.com"
STACK = "app-commenthouse"
SOON = ("interval: 5s", "interval: 1s")
"""This engine asks for the first time when the interval is over."""


@pytest.fixture(scope="module")
def node(engine: Ground) -> Iterator[Ground]:
    with swarm_of_one(engine) as ground:
        yield ground


@pytest.fixture
def project(node: Ground, authority: Authority, tmp_path: Path) -> Iterator[SwarmProject]:
    with project_on(node, authority, tmp_path / "project") as found:
        yield found


def test_drupal_finds_its_secret_its_config_and_its_row_again(project: SwarmProject) -> None:
    visitor = start(project, "drupal", HOST, SOON)
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
    visitor = start(project, "web-replicas", HOST, SOON)
    first = _containers(project, "web")
    assert len(first) == 3
    project.ground.run("kill", "-9", docker(project.ground, "inspect", "-f", "{{.State.Pid}}", first[0]).strip())
    until("the killed one is noticed", lambda: first[0] not in _containers(project, "web"))
    until("there are three again", lambda: len(_healthy(project)) == 3)

    with Requests(visitor, HOST) as requests:
        before = _containers(project, "web")
        edit(project, ("NAME: robert", "NAME: anna"), ("greeting = hello", "greeting = hi"))
        project.edgegen("up", "--wait", "120")
        assert not {*before} & {*_containers(project, "web")}, "a service is changed by new tasks"
    assert requests.statuses == {200}, requests.statuses
    assert requests.count > 20
    for container in _containers(project, "web"):
        assert docker(project.ground, "exec", container, "cat", "/custom-dir/my_config") == "greeting = hi\n"
        assert "NAME=anna" in docker(project.ground, "inspect", "-f", "{{.Config.Env}}", container)
    an_update_of_all_three_at_once_is_noticed(project, visitor)


def an_update_of_all_three_at_once_is_noticed(project: SwarmProject, visitor: Client) -> None:
    """Planted: each task ends before its successor starts, and no other one serves meanwhile."""
    at_once = ("--update-order", "stop-first", "--update-parallelism", "0")
    with Requests(visitor, HOST) as requests:
        docker(project.ground, "service", "update", "--force", "--detach", *at_once, f"{STACK}_web")
        until("an answer other than 200", lambda: requests.statuses - {200})


def _asked(visitor: Client, path: str) -> Any:
    return json.loads(visitor.get(HOST, path).body)


def _containers(project: SwarmProject, service: str, *words: str) -> list[str]:
    return containers(project, f"{STACK}_{service}", *words)


def _healthy(project: SwarmProject) -> list[str]:
    return _containers(project, "web", "--filter", "health=healthy")
