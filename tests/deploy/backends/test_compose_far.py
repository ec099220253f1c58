"""Compose with the engine of another host: scripted Docker programs, and a fake ssh with a real shell behind it."""

from __future__ import annotations

import json
import shlex
import socket
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import LockedError, OutsideError, PartialError, RefusedError
from edgegen.deploy import steps
from edgegen.deploy.backends.base import Asked, Place, Start
from edgegen.deploy.backends.compose import ComposeBackend
from edgegen.deploy.remote.folder import FarFolder, Source
from edgegen.deploy.runner import Runner
from tests.deploy.test_containers import described
from tests.deploy.test_steps import Notes
from tests.fakes.docker_cli import FakeDocker, a_healthy_world
from tests.fakes.ssh import FakeSsh

pytestmark = pytest.mark.slow
HOST = "ssh://me@there"
Config = dict[str, Any]


class World:
    def __init__(self, docker: FakeDocker, ssh: FakeSsh, project: Path) -> None:
        self.docker, self.ssh, self.project, self.notes = docker, ssh, project, Notes()
        self.there = ssh.home / "edgegen" / "shop"
        self.host = HOST

    def config(self, *, ports: Config | None = None, **binds: str) -> None:
        mounts = [
            {"type": "bind", "source": source, "target": f"/{name}", "read_only": True}
            for name, source in binds.items()
        ]
        web = {"image": "web:1", "restart": "always", "volumes": mounts, "environment": {"PASSWORD": "planted-5a1f"},
               **({"ports": [ports]} if ports else {})}  # fmt: skip
        secrets = {"key": {"name": "shop_key", "file": f"{self.project}/secrets/key"}}
        edge = {"image": "e:1", "restart": "always"}
        self.docker.answer(
            "config --format json", {"name": "shop", "services": {"web": web, "edge": edge}, "secrets": secrets}
        )

    @contextmanager
    def backend(self, *, force: bool = False, remote_dir: str = ""):  # type: ignore[no-untyped-def]
        environment = (("DOCKER_HOST", self.host),) if self.host else ()
        running = Runner(environment)
        with FarFolder(
            running, Source(self.project, "laptop", lambda _: "a" * 32, force), self.host, remote_dir
        ) as far:
            place = Place(self.project, self.project / "docker-compose.yml", running, far=far)
            yield ComposeBackend(place)

    def up(self, **options: Any) -> Notes:
        self.notes = Notes()
        with self.backend(**options) as backend:
            steps.up(backend, self.notes, Start(7), Asked(self.host))
        return self.notes

    def down(self) -> str:
        with self.backend() as backend:
            steps.down(backend, Notes())
            assert backend.place.far
            return backend.place.far.path

    def runs(self, folder: str, **changes: Any) -> None:
        """A container of the project, started in a folder."""
        labels = {"com.docker.compose.project": "shop", "com.docker.compose.service": "web",
                  "com.docker.compose.project.working_dir": folder}  # fmt: skip
        self.docker.answer("docker ps --all --quiet", "c1\n")
        self.docker.answer("docker inspect --type container", described(labels=labels, **changes))


@pytest.fixture
def world(fake: FakeDocker, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    a_healthy_world(fake)
    ssh = FakeSsh(fake.home, tmp_path / "home-there")
    ssh.install()
    (project / "secrets").mkdir(mode=0o700)
    (project / "secrets" / "key").write_text("planted-77aa")
    (project / "pages").mkdir()
    (project / "pages" / "one").write_text("1")
    made = World(fake, ssh, project)
    made.config(pages=f"{project}/pages")
    return made


def test_files_first_then_compose_with_their_paths_there(world: World) -> None:
    notes = world.up()
    assert notes == [f"copied to {HOST}:{world.there}: docker-compose.yml, pages/one, secrets/key"]
    (call,) = world.docker.called("up -d")
    assert ["-f", "-", "--project-directory", str(world.there)] == call[call.index("-f") : call.index("-f") + 4]
    assert call[call.index("--env-file") + 1] == "/dev/null"
    (given,) = world.docker.given("up -d")
    data = json.loads(given)
    assert data["services"]["web"]["volumes"][0]["source"] == f"{world.there}/pages"
    assert data["secrets"]["key"]["file"] == f"{world.there}/secrets/key"
    assert world.docker.hosts() == {HOST}
    said = json.dumps([world.docker.calls(), world.ssh.calls(), notes])
    assert "planted" not in said


def test_a_second_start_copies_nothing(world: World) -> None:
    world.up()
    assert world.up() == []


def test_variables_are_read_here(world: World) -> None:
    (world.project / ".env").write_text("A=b\n")
    world.up()
    (call,) = world.docker.called("up -d")
    assert call[call.index("--env-file") + 1] == str(world.project / ".env")
    assert not (world.there / ".env").exists()


def test_the_host_of_the_environment_is_one_as_well(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.host = ""
    monkeypatch.setenv("DOCKER_HOST", HOST)
    assert "copied to" in world.up()[0]


def test_the_host_of_docker_s_own_context_is_one_as_well(world: World) -> None:
    world.host = ""
    world.docker.answer("context inspect", f"{HOST}\n")
    assert "copied to" in world.up()[0]


@pytest.mark.parametrize("host", ["unix:///run/docker.sock", ""])
def test_an_engine_of_this_machine_gets_no_copy(world: World, host: str) -> None:
    world.host = host
    world.up()
    assert world.ssh.calls() == []
    (call,) = world.docker.called("up -d")
    assert str(world.project / "docker-compose.yml") in call


def test_a_host_that_ssh_does_not_reach_is_refused(world: World) -> None:
    world.host = "tcp://there:2376"
    with pytest.raises(RefusedError, match="over ssh only"):
        world.up()
    assert not world.docker.called("up -d")


def test_a_cut_connection_is_4_and_starts_nothing(world: World) -> None:
    world.up()
    sent = len(world.ssh.sent())
    (world.project / "pages" / "one").write_text("2" * 5_000)
    before = len(world.docker.called("up -d"))
    world.ssh.rule(cut_after_sent=sent + 2_000)
    with pytest.raises(OutsideError) as caught:
        world.up()
    assert type(caught.value) is OutsideError
    assert "closed by remote host" in str(caught.value)
    assert (world.there / "pages" / "one").read_text() == "1"
    assert len(world.docker.called("up -d")) == before


def test_a_failure_of_compose_after_the_copy_is_5(world: World) -> None:
    world.docker.answer("up -d", err="manifest unknown", code=1)
    world.docker.answer("ps --all --format json", "")
    with pytest.raises(PartialError):
        world.up()


def test_nothing_is_copied_where_the_preflight_refuses(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        world.config(ports={"target": 80, "published": str(number), "protocol": "tcp"}, pages=f"{world.project}/pages")
        with pytest.raises(RefusedError) as caught:
            world.up()
    (problem,) = caught.value.problems
    assert problem.message == f"port {number}/tcp (all addresses) is in use on {HOST}"
    assert problem.path == "services.web.ports"
    assert not (world.there / "pages").exists()
    world.up()


def test_a_socket_that_is_not_there(world: World) -> None:
    world.config(pages=f"{world.project}/pages", sock="/nowhere/docker.sock")
    with pytest.raises(RefusedError, match=r"mounts /nowhere/docker\.sock, which is not a socket on ssh://me@there"):
        world.up()


@pytest.mark.parametrize(("written", "allowed"), [("/srv/data", True), ("~/data", False), ("../data", False)])
def test_a_path_outside_is_the_other_host_s_only_if_it_is_written_so(world: World, written: str, allowed: bool) -> None:
    world.config(data="/srv/data")
    as_written = {
        "name": "shop",
        "services": {"web": {"volumes": [{"type": "bind", "source": written, "target": "/data"}]}},
    }
    world.docker.answer("--no-path-resolution", as_written)
    if allowed:
        world.up()
        assert json.loads(world.docker.given("up -d")[0])["services"]["web"]["volumes"][0]["source"] == "/srv/data"
    else:
        with pytest.raises(RefusedError, match="outside the project folder"):
            world.up()
        assert world.ssh.calls() == []


def test_containers_older_than_a_copied_secret_are_recreated(world: World) -> None:
    world.up()
    mount = [{"Type": "bind", "Source": f"{world.there}/secrets/key", "Destination": "/run/secrets/key"}]
    old = {"Status": "running", "StartedAt": "2020-01-01T00:00:00.5Z"}
    world.runs(str(world.there), mounts=mount, state=old)
    notes = world.up()
    assert "a mounted file has changed since these services started: web" in notes
    assert world.docker.called("--force-recreate --build web")
    assert world.docker.given("--force-recreate")[0].startswith("{")
    before = len(world.docker.called("--force-recreate"))
    world.runs(str(world.there), mounts=mount, state={"Status": "running", "StartedAt": "2099-01-01T00:00:00.5Z"})
    world.up()
    assert len(world.docker.called("--force-recreate")) == before


@pytest.mark.parametrize("where", ["there", "here", "elsewhere"])
def test_whose_the_running_project_is(world: World, where: str) -> None:
    """Older versions started projects without files from the folder here."""
    world.runs({"there": str(world.there), "here": str(world.project), "elsewhere": "/srv/shop"}[where])
    if where == "elsewhere":
        with pytest.raises(RefusedError, match="already runs from /srv/shop") as caught:
            world.up()
        assert "--remote-dir /srv/shop" in caught.value.problems[0].hint
    else:
        world.up()


def test_down_asks_the_folder_there(world: World) -> None:
    world.up()
    world.runs(str(world.there))
    world.docker.answers("docker ps --all --quiet", [world.docker.reply("c1\n"), world.docker.reply("")])
    assert world.down() == str(world.there)
    assert (world.there / "pages" / "one").exists()
    assert world.docker.called("down --remove-orphans")


@pytest.mark.parametrize("state", ["another copy", "not ours", "gone"])
def test_down_leaves_what_is_not_ours(world: World, state: str) -> None:
    world.up()
    record = world.there / ".edgegen" / "remote.json"
    folder = str(world.there)
    if state == "another copy":
        record.write_text(record.read_text().replace("a" * 32, "b" * 32))
    elif state == "not ours":
        record.unlink()
    else:
        folder = "/nowhere/shop"
    world.runs(folder)
    with pytest.raises(RefusedError):
        world.down()
    assert not world.docker.called("down --remove-orphans")


def test_down_waits_for_nobody_s_up(world: World) -> None:
    world.up()
    world.runs(str(world.there))
    with world.backend() as backend:
        backend.place.far.enter(HOST, "shop")
        with pytest.raises(LockedError):
            world.down()


def test_the_lock_is_held_until_compose_has_ended(world: World, tmp_path: Path) -> None:
    """Planted in Compose: it tries the lock while it runs."""
    world.up()
    tried = tmp_path / "tried"
    code = (
        "import fcntl\n"
        f"lock = open({str(world.there / '.edgegen' / 'lock')!r}, 'a')\n"
        "try: fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB); said = 'free'\n"
        "except BlockingIOError: said = 'held'\n"
        f"open({str(tried)!r}, 'a').write(said)\n"
    )
    real = world.docker.home / "docker"
    first, _, others = real.read_text().partition("\n")
    python = f"{shlex.quote(sys.executable)} -ISc {shlex.quote(code)}"
    real.write_text(f'{first}\nfor word; do [ "$word" != up ] || {python}; done\n{others}')
    world.up()
    assert tried.read_text() == "held"
