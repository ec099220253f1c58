"""Questions to the engine, and what is made of its answers."""

from __future__ import annotations

import pytest

from edgegen.core.errors import OutsideError
from edgegen.deploy.engine import (
    create_command,
    inspect_engine,
    list_names,
    snapshot,
)
from edgegen.deploy.runner import Runner
from tests.fakes.docker_cli import VERSION, FakeDocker


@pytest.fixture
def docker(fake: FakeDocker) -> FakeDocker:
    fake.install("docker")
    fake.answer("context inspect", "unix:///run/docker.sock\n")
    return fake


def test_an_engine_that_answers(docker: FakeDocker) -> None:
    docker.answer("docker version", VERSION)
    engine = inspect_engine(Runner())
    assert (engine.version, engine.api, engine.oldest_api) == ("29.0.1", (1, 52), (1, 44))
    assert (engine.host, engine.is_local) == ("unix:///run/docker.sock", True)


@pytest.mark.parametrize(
    ("host", "local"),
    [("ssh://me@there", False), ("tcp://192.0.2.1:2376", False), ("unix:///x.sock", True)],
)
def test_where_it_is(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch, host: str, local: bool) -> None:
    docker.answer("docker version", VERSION)
    assert inspect_engine(Runner(), host).is_local is local
    monkeypatch.setenv("DOCKER_HOST", host)
    assert inspect_engine(Runner()).is_local is local


@pytest.mark.parametrize(
    ("stderr", "hint"),
    [
        ("Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?", "systemctl start"),
        ("permission denied while trying to connect to the Docker daemon socket", "group `docker`"),
        ("error during connect: ssh: Could not resolve hostname nowhere", "`ssh` to that host"),
    ],
)
def test_an_engine_that_does_not(docker: FakeDocker, stderr: str, hint: str) -> None:
    docker.answer("docker version", {"Client": {}, "Server": None}, stderr, 1)
    with pytest.raises(OutsideError) as caught:
        inspect_engine(Runner())
    assert stderr in str(caught.value)
    assert hint in caught.value.problems[0].hint


@pytest.mark.parametrize(("api", "refused"), [("1.39", True), ("1.40", False), ("1.9", True), ("1.100", False)])
def test_traefik_needs_a_new_enough_api(docker: FakeDocker, api: str, refused: bool) -> None:
    docker.answer("docker version", {"Server": {"Version": "1", "ApiVersion": api, "MinAPIVersion": "1.12"}})
    if refused:
        with pytest.raises(OutsideError, match=r"needs 1\.40"):
            inspect_engine(Runner())
    else:
        assert inspect_engine(Runner()).version == "1"


def test_an_answer_that_is_no_json(docker: FakeDocker) -> None:
    docker.answer("docker version", "<html>\x1b]0;title\x07", "\x1b[31mno\u202e", 1)
    with pytest.raises(OutsideError) as caught:
        inspect_engine(Runner())
    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)


def test_names(docker: FakeDocker) -> None:
    docker.answer("network ls --format", "bridge\nshop-edge\n")
    assert list_names(Runner(), "network") == {"bridge", "shop-edge"}
    docker.answer("volume ls --format", "", "boom", 1)
    with pytest.raises(OutsideError, match="boom"):
        list_names(Runner(), "volume")


def test_creating_asks_first_in_a_dry_run() -> None:
    assert create_command("network", "e").line() == (
        "docker network inspect e >/dev/null 2>&1 || docker network create e"
    )


@pytest.mark.slow
def test_a_snapshot_sees_every_change(docker: FakeDocker) -> None:
    row = {"ID": "c1", "State": "running"}
    docker.answers("docker ps", [docker.reply(row), docker.reply(row), docker.reply({**row, "State": "exited"})])
    docker.answers("network ls", [docker.reply("n1\n"), docker.reply("n1\nn2\n")])
    docker.answer("volume ls", "v1\n")
    seen = [snapshot(Runner(), "shop") for _ in range(3)]
    assert len({*seen}) == 3
    assert all("label=com.docker.compose.project=shop" in call for call in docker.calls())
