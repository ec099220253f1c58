"""Links, FIFOs, folders and devices at every path that edgegen opens: nothing outside is written, nothing hangs.

Which command opens which path is not a list that somebody keeps: it is seen while each command runs once on a project
that is as it should be. (What Docker's own programs open is not edgegen's.)
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.authority_of_tests import Authority
from tests.fakes.cloudflare import TOKEN, Cloudflare, Threaded
from tests.fakes.docker_cli import FakeDocker, a_healthy_world
from tests.properties.test_mutated import called
from tests.sizes import is_proof

pytestmark = pytest.mark.slow

HASH = "$2y$05$XnlQHNnBlNuQMhPVYKFxRujLVbLgRFDHhHj8V9vFnsU4XLYP3QEQi"
LONGEST = 50.0
SPEC = """\
name: a
domains: {example.com: {provider: zonefile, addresses: [157.245.51.137]}}
services:
  registry: {kind: registry, host: r.example.com, users: [ci]}
  pull: {kind: registry, host: p.example.com, users: [ci], anonymous: pull}
  web:
    {image: "x:1", port: 80, host: www.example.com, secrets: [made, mine], environment: {A: {secret: from-env}},
    middlewares: [{kind: basic-auth, users_secret: users}]}
secrets: {made: {generate: 40}, mine: {file: mine.txt}, from-env: {env: FROM_ENV}, users: {file: users.txt}}
edge: {dashboard: {host: d.example.com, users: [me]}}
"""
LOOK = ["--timeout", "0.5", "--resolver", "127.0.0.1:1"]
COMMANDS: dict[str, list[str]] = {
    "render": ["render"],
    "render --check": ["render", "--check"],
    "render --force": ["render", "--force"],
    "init --force": ["init", "registry", "example.com", "--force", "--dir"],
    "registry user list": ["registry", "user", "list", "--service", "registry"],
    "registry user passwd": ["registry", "user", "passwd", "ci", "--service", "pull"],
    "dns sync": ["dns", "sync"],
    "dns plan -o": ["dns", "plan", "-o", "{project}/plan.json"],
    "dns sync --plan": ["dns", "sync", "--plan", "{project}/plan.json"],
    "dns export": ["dns", "export"],
    "dns check-token": ["dns", "check-token", "-e", "cloudflare"],
    "verify": [
        "verify", *LOOK, "--ca-file", "{project}/ca.pem", "--cf-ranges", "{project}/ranges.txt",
        "--junit", "{project}/out.xml", "--html", "{project}/out.html",
    ],
    "cert list": ["cert", "list", *LOOK],
    "explain": ["explain", "https://www.example.com/", "--timeout", "0.5"],
    "up": ["up"],
    "status": ["status"],
}  # fmt: skip
OF_RENDER = ("up",)
"""Commands that render first: of them only the paths count that `render` does not open."""
ALLOWED = frozenset({0, 1, 2, 3, 4, 6, 7})


class World:
    """A project as it should be, a home, and outside of both what nobody may touch."""

    def __init__(self, folder: Path, api: str) -> None:
        self.folder, self.api = folder, api
        self.project, self.home, self.outside = folder / "project", folder / "home", folder / "outside"

    def run(self, name: str) -> tuple[int, str]:
        """A command's exit code and all that it said; `hangs` where it took too long."""
        words = [word.format(project=self.project) for word in COMMANDS[name]]
        where = [str(self.project)] if words[-1] == "--dir" else ["-C", str(self.project)]
        with at_most(LONGEST):
            code, out, err = called([*words, *where])
        return code, out + err

    def copy(self, folder: Path) -> World:
        shutil.copytree(self.folder, folder, symlinks=True)
        return World(folder, self.api)


class Hung(BaseException):
    """It took too long."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises Hung out of whatever is under way. The timer of the test itself goes on afterwards."""

    def ring(*_: Any) -> None:
        raise Hung

    began = time.monotonic()
    handler = signal.signal(signal.SIGALRM, ring)
    left, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, max(0.1, left - (time.monotonic() - began)) if left else 0)


def environment(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("HOME", str(world.home))
    patch.setenv("FROM_ENV", "a-value-from-the-environment")
    patch.setenv("CLOUDFLARE_API_TOKEN_FILE", str(world.home / "token"))
    patch.setenv("CLOUDFLARE_BASE_URL", world.api)
    patch.setenv("PATH", str(world.folder / "bin"))
    for name in ("CLOUDFLARE_API_TOKEN", "DOCKER_CONFIG", "DOCKER_HOST", "EDGEGEN_REGISTRY_USER"):
        patch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    """A Cloudflare that answers."""
    state = Cloudflare()
    state.add_zone("example.com")
    with Threaded(state) as there:
        yield there.url


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory, api: str) -> World:
    """The world in which every command has run once."""
    world = World(tmp_path_factory.mktemp("right"), api)
    for folder in (world.project, world.home / ".docker", world.outside / "folder", world.folder / "bin"):
        folder.mkdir(parents=True)
    a_healthy_world(FakeDocker(world.folder / "bin"))
    overlay = "environments: {cloudflare: {domains: {example.com: {provider: cloudflare}}}}\n"
    (world.project / "edge.yaml").write_text(SPEC + overlay)
    (world.project / "mine.txt").write_text("a-secret-of-the-user")
    (world.project / "users.txt").write_text(f"office:{HASH}\n")
    (world.project / "ranges.txt").write_text("127.30.0.0/16\n")
    Authority.root().write(world.project)
    (world.home / ".docker/config.json").write_text("{}")
    (world.home / "token").write_text(f"{TOKEN}\n")
    (world.home / "token").chmod(0o600)
    for name in ("canary", "folder/canary"):
        (world.outside / name).write_text("canary\n")
    return world


def seen_by(world: World, name: str) -> set[str]:
    """The paths of project and home that a command opens, relative to the world. Needs the world's environment."""
    there = {
        path.relative_to(world.folder).as_posix() for part in (world.project, world.home) for path in part.rglob("*")
    }
    opened: set[str] = set()

    def listen(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and _LISTENING and isinstance(arguments[0], str | bytes | os.PathLike):
            opened.add(os.fsdecode(arguments[0]))

    sys.addaudithook(listen)
    _LISTENING.append(True)
    try:
        world.run(name)
        code, said = world.run(name)  # what the first one made, the second one finds
    finally:
        _LISTENING.clear()
    assert code in (0, 1, 4), (name, said)
    there |= {
        path.relative_to(world.folder).as_posix() for part in (world.project, world.home) for path in part.rglob("*")
    }
    # Below an open folder only the last part of a path is told: every path that ends so may be meant.
    return {path for path in there if str(world.folder / path) in opened or path.rpartition("/")[2] in opened}


_LISTENING: list[bool] = []


@pytest.fixture(scope="module")
def opened(right: World) -> dict[str, set[str]]:
    """Command -> the paths that it opens."""
    with pytest.MonkeyPatch.context() as patch:
        environment(right, patch)
        found = {}
        for name in COMMANDS:
            if name == "init --force":
                found[name] = {"project/edge.yaml", "project/.gitignore", "project/.edgegen/lock"}
                continue
            found[name] = seen_by(right, name)
    for name in OF_RENDER:
        found[name] -= found["render"] - {"project/acme/acme.json", "project/docker-compose.yml"}
    return found


def test_the_inventory_is_as_large_as_the_project(opened: dict[str, set[str]]) -> None:
    """The net under the net: were nothing seen, nothing would be tried."""
    everything = set().union(*opened.values())
    wanted = {
        "project/edge.yaml", "project/docker-compose.yml", "project/acme", "project/acme/acme.json", "project/secrets",
        "project/secrets/made", "project/registry/htpasswd", "project/traefik/dynamic", "project/.edgegen",
        "project/.edgegen/manifest.json", "project/.edgegen/lock", "project/.gitignore", "project/mine.txt",
        "project/users.txt", "project/ca.pem", "project/ranges.txt", "project/out.xml", "project/out.html",
        "project/plan.json", "project/dns", "project/dns/example.com.zone", "project/.edgegen/dns",
        "project/.edgegen/locks", "home/.docker/config.json", "home/token",
    }  # fmt: skip
    assert wanted - everything == set()
    assert len(everything) >= 40


def _device(path: Path) -> None:
    """A file that never ends. Where no device may be made, a link to one."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        path.symlink_to("/dev/zero")


def _folder(path: Path) -> None:
    path.mkdir()
    (path / "canary").write_text("canary\n")


KINDS: dict[str, Callable[[Path, World, bool], object]] = {
    "a symbolic link": lambda path, world, is_folder: path.symlink_to(
        world.outside / "folder" if is_folder else world.outside / "canary"
    ),
    "a hard link": lambda path, world, _: path.hardlink_to(world.outside / "canary"),
    "a FIFO": lambda path, _world, _folder: os.mkfifo(path),
    "a folder": lambda path, _world, _is_folder: _folder(path),
    "a device": lambda path, _world, _is_folder: _device(path),
}


def digest(folder: Path) -> dict[str, tuple[int, str]]:
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_mode,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in folder.rglob("*")
    }


def is_tried(opened: dict[str, set[str]], name: str, kind: str, path: str) -> bool:
    """Of the commands that open a path, each third one meets a kind there; at the next path it is the next one.

    So every path meets every kind, and every command every kind at a path of each sort. In the proof everything
    meets everything.
    """
    commands = [each for each in COMMANDS if path in opened[each]]
    number = sorted(set().union(*opened.values())).index(path)
    turn = commands.index(name) + [*KINDS].index(kind) + number
    return is_proof() or turn % min(len(commands), 3) == 0


def test_the_sample_has_every_path_with_every_kind(opened: dict[str, set[str]]) -> None:
    tried = {
        (name, kind, path)
        for name in COMMANDS
        for kind in KINDS
        for path in opened[name]
        if is_tried(opened, name, kind, path)
    }
    assert {(kind, path) for _, kind, path in tried} == {
        (kind, path) for kind in KINDS for path in set().union(*opened.values())
    }
    generated = [path for path in opened["render"] if path.startswith("project/secrets/")]
    for name in ("render", "render --check", "render --force"):
        assert {kind for each, kind, path in tried if each == name and path in generated} == set(KINDS)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", COMMANDS)
def test_at_every_path_that_it_opens(
    right: World, opened: dict[str, set[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    wrong = []
    for number, path in enumerate(sorted(path for path in opened[name] if is_tried(opened, name, kind, path))):
        world = right.copy(tmp_path / str(number))
        environment(world, monkeypatch)
        victim = world.folder / path
        is_folder = victim.is_dir()
        shutil.rmtree(victim) if is_folder else victim.unlink()
        KINDS[kind](victim, world, is_folder)
        before = digest(world.outside)
        try:
            code, said = world.run(name)
        except Hung:
            wrong.append((path, "hangs"))
            continue
        if code not in ALLOWED:
            wrong.append((path, f"{code} {said[-300:]}"))
        if digest(world.outside) != before:
            wrong.append((path, "wrote outside"))
        if kind == "a folder" and not (victim / "canary").is_file():
            wrong.append((path, "the folder's file is gone"))
        if kind == "a hard link" and not victim.samefile(world.outside / "canary"):
            wrong.append((path, f"a name of another file was taken away ({code})"))
        shutil.rmtree(world.folder)
    assert wrong == []


def test_a_hang_is_caught() -> None:
    with pytest.raises(Hung), at_most(0.2):
        read, _ = os.pipe()
        os.read(read, 1)


def test_it_is_as_many_runs_as_promised(opened: dict[str, set[str]]) -> None:
    assert len(KINDS) * sum(len(paths) for paths in opened.values()) >= 500


@pytest.mark.usefixtures("opened")
def test_a_reader_that_waits_is_caught(right: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: Docker's configuration read as any file is."""
    world = right.copy(tmp_path / "world")
    environment(world, monkeypatch)
    monkeypatch.setattr("edgegen.deploy.docker_login.read_bounded", lambda path, _: path.read_bytes())
    monkeypatch.setattr(sys.modules[__name__], "LONGEST", 2.0)
    (world.home / ".docker/config.json").unlink()
    os.mkfifo(world.home / ".docker/config.json")
    with pytest.raises(Hung):
        world.run("verify")


@pytest.mark.usefixtures("opened")
def test_a_writer_that_follows_is_caught(right: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a file with several names is written in its place."""
    world = right.copy(tmp_path / "world")
    environment(world, monkeypatch)
    monkeypatch.setattr("edgegen.files.safe_open._refuse_unusual", lambda *_: None)
    monkeypatch.setattr(
        "edgegen.project.registry.put_file", lambda project, path, content, **_: (project / path).write_bytes(content)
    )
    victim = world.project / "registry-pull/htpasswd"
    shutil.copy(victim, world.outside / "canary")
    victim.unlink()
    victim.hardlink_to(world.outside / "canary")
    before = digest(world.outside)
    assert world.run("registry user passwd")[0] == 0
    assert digest(world.outside) != before
