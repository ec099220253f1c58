"""What is asked of the engine, and what is made of its answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from edgegen.deploy.runner import Runner
from edgegen.explain.engine_view import Inside, Store, look_inside
from edgegen.explain.wanted import Wanted
from tests.deploy.conftest import fake as fake_docker
from tests.deploy.test_containers import described
from tests.explain.making import API, REGISTRY, wanted_of
from tests.fakes.docker_cli import VERSION, FakeDocker

fake = fake_docker
HOST = "api.example.com"


def labels(service: str, **more: str) -> dict[str, str]:
    return {"com.docker.compose.project": "shop", "com.docker.compose.service": service, **more}


TRAEFIK = described(
    id="t1", name="/shop-traefik-1", image="docker.io/traefik:v3.7.15@sha256:0", labels=labels("traefik")
)
OF_API = described(id="a1", name="/shop-api-1", labels=labels("api", **{
    "traefik.http.routers.x.rule": "Host(`api.example.com`)"}))  # fmt: skip


@pytest.fixture
def docker(fake: FakeDocker) -> FakeDocker:
    fake.install("docker")
    fake.answer("docker version", VERSION)
    fake.answer("context inspect", "unix:///var/run/docker.sock\n")
    fake.answer("docker logs", "")
    return fake


def has(docker: FakeDocker, *containers: dict[str, Any]) -> None:
    docker.answer("docker ps", "".join(f"{item['id']}\n" for item in containers))
    docker.answer("docker inspect", "".join(json.dumps(item) + "\n" for item in containers))


def look(wanted: Wanted | None, **changes: Any) -> Inside:
    return look_inside(Runner(), HOST, wanted, **changes)


def test_a_project(docker: FakeDocker) -> None:
    has(docker, OF_API, TRAEFIK)
    docker.answer("docker logs", "", '2026-01-01T00:00:00Z 2026-01-01T00:00:00Z ERR error="x y" a=b\n')
    seen = look(wanted_of(API))
    assert (seen.trouble, seen.traefik and seen.traefik.id, [item.id for item in seen.behind]) == ("", "t1", ["a1"])
    assert [line.error for line in seen.log] == ["x y"]
    assert docker.called("label=com.docker.compose.project=shop")
    assert seen.own_log == ""


def test_without_a_spec_the_rule_tells(docker: FakeDocker) -> None:
    has(docker, described(id="z", labels={"traefik.http.routers.x.rule": "Host(`z.test`)"}), OF_API, TRAEFIK)
    seen = look(None)
    assert [item.id for item in seen.behind] == ["a1"]
    assert not docker.called("--filter")


@pytest.mark.parametrize("wanted", [wanted_of(API), None])
def test_an_engine_that_has_nothing_of_it(docker: FakeDocker, wanted: Wanted | None) -> None:
    has(docker)
    seen = look(wanted)
    assert "this engine has no container of" in seen.trouble
    assert "--host ssh://" in seen.hint


def test_no_engine(docker: FakeDocker) -> None:
    docker.answer("docker version", "", "Cannot connect to the Docker daemon", 1)
    seen = look(wanted_of(API))
    assert seen.trouble.startswith("not seen from here: the Docker Engine does not answer")
    assert "--host ssh://" in seen.hint


def test_no_docker(fake: FakeDocker) -> None:
    assert "`docker` was not found" in look(None).trouble


def test_traefik_by_its_flags_and_the_one_that_runs(docker: FakeDocker) -> None:
    stopped = described(id="t0", image="traefik:v3", state={"Status": "exited"}, labels=labels("old"))
    own = described(
        id="t2", image="registry.example.com/edge:1", args=["--EntryPoints.web.address=:80"], labels=labels("e")
    )
    has(docker, stopped, OF_API, own)
    found = look(wanted_of(API)).traefik
    assert found is not None
    assert found.id == "t2"


@pytest.mark.slow
def test_a_registrys_own_log(docker: FakeDocker) -> None:
    has(docker, TRAEFIK, described(id="r1", labels=labels("registry")))
    docker.answer("docker logs", "what it said\n")
    assert "what it said" in look(wanted_of(REGISTRY)).own_log
    docker.answer("docker logs", "", "no logs", 1)
    seen = look(wanted_of(REGISTRY))
    assert (seen.own_log, seen.log, seen.trouble) == ("", (), "")


@pytest.mark.slow
def test_acme_json_of_this_machine(docker: FakeDocker, tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    store = folder / "acme.json"
    store.touch()
    store.chmod(0o640)
    mount = {"Type": "bind", "Source": str(folder), "Destination": "/acme"}
    has(docker, OF_API, {**TRAEFIK, "mounts": [mount]})
    assert look(wanted_of(API)).store == Store(str(store), 0o640)
    assert look(wanted_of(API), remote="ssh://me@server").store is None
    has(docker, OF_API, {**TRAEFIK, "mounts": [{**mount, "Source": str(store), "Destination": "/acme.json"}]})
    assert look(wanted_of(API)).store == Store(str(store), 0o640)
    has(docker, OF_API, {**TRAEFIK, "mounts": [{"Type": "volume", "Name": "acme", "Destination": "/acme"}]})
    assert look(wanted_of(API)).store is None


def test_what_is_secret_is_not_kept(docker: FakeDocker) -> None:
    has(docker, OF_API, TRAEFIK)
    seen = look(wanted_of(API))
    assert "PASSWORD" in seen.behind[0].variables
    assert "own_log" not in repr(seen)
