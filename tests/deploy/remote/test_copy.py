"""Files arrive with their modes, whole or not at all, and only those that differ."""

from __future__ import annotations

import base64
import json
import os
import shutil
from pathlib import Path

import pytest

from edgegen.core.errors import LockedError, OutsideError, RefusedError, UsageError
from edgegen.deploy.remote.cargo import load
from edgegen.deploy.remote.far import far_script
from edgegen.deploy.remote.mounts import Mount
from edgegen.deploy.remote.record import PENDING, RECORD
from edgegen.files import lock
from tests.deploy.remote.conftest import HOST, SECRET, World

BUSYBOX = shutil.which("busybox")
APPLETS = [
    "sh",
    "base64",
    "cat",
    "chmod",
    "dd",
    "id",
    "ln",
    "mkdir",
    "mv",
    "rm",
    "rmdir",
    "sha256sum",
    "stat",
    "sync",
    "tr",
]


def test_a_first_copy(world: World) -> None:
    said = world.up()
    assert world.files() == {
        "acme/acme.json": (0o600, b""),
        "docker-compose.yml": (0o644, b"name: shop\n"),
        "registry/htpasswd": (0o600, b"ci:$2y$hash\n"),
        "secrets/db-password": (0o444, SECRET.encode()),
        "traefik/dynamic/tls.yml": (0o644, b"tls: {}\n"),
    }
    for private in ("acme", "secrets", ".edgegen"):
        assert (world.there / private).stat().st_mode & 0o777 == 0o700, private
    for public in (".", "traefik", "traefik/dynamic", "registry"):
        assert (world.there / public).stat().st_mode & 0o777 == 0o755, public
    assert said == (
        f"copied to {HOST}:{world.there}: docker-compose.yml, registry/htpasswd, secrets/db-password, "
        "traefik/dynamic/tls.yml",
        f"created {HOST}:{world.there}/acme/acme.json",
    )
    assert not (world.there / ".edgegen" / "stage").exists()
    assert not (world.there / PENDING).exists()


@pytest.mark.slow
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_modes_whatever_the_umask(world: World, umask: int) -> None:
    before = os.umask(umask)
    try:
        world.up()
    finally:
        os.umask(before)
    assert {path: mode for path, (mode, _) in world.files().items()} == {
        "acme/acme.json": 0o600, "docker-compose.yml": 0o644, "registry/htpasswd": 0o600,
        "secrets/db-password": 0o444, "traefik/dynamic/tls.yml": 0o644,
    }  # fmt: skip


def test_a_second_copy_sends_no_file(world: World) -> None:
    world.up()
    before = {path: path.stat().st_ino for path in world.there.rglob("*") if path.is_file()}
    assert world.up() == ()
    assert b"stage " not in world.ssh.sent()[len(far_script()) :]
    assert {path: path.stat().st_ino for path in world.there.rglob("*") if path.is_file()} == before


@pytest.mark.slow
def test_only_what_changed_is_sent(world: World) -> None:
    world.up()
    inode = (world.there / "registry" / "htpasswd").stat().st_ino
    world.write("traefik/dynamic/tls.yml", "tls: {options: {}}\n")
    assert world.up() == (f"copied to {HOST}:{world.there}: traefik/dynamic/tls.yml",)
    assert (world.there / "registry" / "htpasswd").stat().st_ino == inode
    assert (world.there / "traefik" / "dynamic" / "tls.yml").read_text() == "tls: {options: {}}\n"


@pytest.mark.slow
def test_certificates_there_are_never_replaced(world: World) -> None:
    world.up()
    store = world.there / "acme" / "acme.json"
    store.write_text('{"letsencrypt": "served"}')
    store.chmod(0o644)
    inode = store.stat().st_ino
    for force in (False, True):
        world.up(force=force)
        assert (store.read_text(), store.stat().st_ino) == ('{"letsencrypt": "served"}', inode)
        assert store.stat().st_mode & 0o777 == 0o600


def test_certificates_here_never_travel(world: World) -> None:
    world.up()
    assert b"its own certificates" not in world.ssh.sent()
    assert base64.b64encode(b"its own cert")[:12] not in world.ssh.sent()


@pytest.mark.slow
def test_what_is_no_longer_rendered_is_removed_if_edgegen_put_it_there(world: World) -> None:
    world.write("traefik/dynamic/old.yml", "old\n")
    world.write("traefik/dynamic/older.yml", "older\n")
    world.up()
    (world.there / "traefik" / "dynamic" / "mine.yml").write_text("the admin's own\n")
    (world.there / "traefik" / "dynamic" / "older.yml").write_text("edited there\n")
    for name in ("old.yml", "older.yml"):
        (world.here / "traefik" / "dynamic" / name).unlink()
    assert f"removed {HOST}:{world.there}/traefik/dynamic/old.yml: it is no longer needed" in world.up()
    left = {path.name for path in (world.there / "traefik" / "dynamic").iterdir()}
    assert left == {"mine.yml", "older.yml", "tls.yml"}
    assert [notice for notice in world.notices if "older.yml" in notice and "it is kept" in notice]


@pytest.mark.slow
def test_a_file_edited_there_is_refused_unless_forced(world: World) -> None:
    world.up()
    edited = world.there / "traefik" / "dynamic" / "tls.yml"
    edited.write_text("by hand\n")
    world.write("traefik/dynamic/tls.yml", "new\n")
    world.write("docker-compose.yml", "name: shop\nx-new: 1\n")
    with pytest.raises(RefusedError) as caught:
        world.up()
    (problem,) = caught.value.problems
    assert "changed there since edgegen copied it" in problem.message
    assert str(problem.where) == f"{HOST}:{edited}"
    assert edited.read_text() == "by hand\n"
    assert (world.there / "docker-compose.yml").read_text() == "name: shop\n"
    said = world.up(force=True)
    assert edited.read_text() == "new\n"
    assert edited.with_name("tls.yml.bak").read_text() == "by hand\n"
    assert f"kept {HOST}:{edited}.bak" in said
    edited.write_text("again\n")
    world.up(force=True)
    assert edited.with_name("tls.yml.bak.1").read_text() == "again\n"


@pytest.mark.slow
def test_an_edit_that_is_what_we_want_is_no_edit(world: World) -> None:
    world.up()
    (world.there / "traefik" / "dynamic" / "tls.yml").write_text("new\n")
    world.write("traefik/dynamic/tls.yml", "new\n")
    world.up()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["project", "copy_name"])
def test_the_folder_of_another_is_refused(world: World, name: str) -> None:
    world.up()
    before = world.files()
    world.remote_dir = "edgegen/shop"
    setattr(world, name, "b" * 32)
    with pytest.raises(RefusedError) as caught:
        world.up()
    assert f"{world.here} on laptop" in str(caught.value)
    assert world.files() == before
    if name == "copy_name":
        assert "--force takes it over, with the passwords and secrets of this machine" in caught.value.problems[0].hint
        world.write("secrets/db-password", "another", 0o444)
        world.up(force=True)
        assert (world.there / "secrets" / "db-password").read_text() == "another"
        assert json.loads((world.there / RECORD).read_text())["copy"] == "b" * 32
    else:
        with pytest.raises(RefusedError):
            world.up(force=True)


@pytest.mark.slow
def test_a_folder_with_files_of_somebody_is_refused(world: World) -> None:
    world.there.mkdir(parents=True)
    (world.there / "docker-compose.yml").write_text("somebody's\n")
    with pytest.raises(RefusedError, match="not copied by edgegen"):
        world.up()
    world.up(force=True)
    assert (world.there / "docker-compose.yml.bak").read_text() == "somebody's\n"


@pytest.mark.parametrize("remote_dir", ["srv/shop", "~/srv/shop", "absolute"])
def test_a_folder_by_name(world: World, tmp_path: Path, remote_dir: str) -> None:
    world.remote_dir = str(tmp_path / "srv" / "shop") if remote_dir == "absolute" else remote_dir
    with world.far() as far:
        far.enter(HOST, "shop")
        assert far.path == str((tmp_path if remote_dir == "absolute" else world.ssh.home) / "srv" / "shop")


@pytest.mark.parametrize("name", ["../up", "/", "", "a/../b", "a\nb", "-x", "~root/x", "a\\b"])
def test_what_is_no_folder(world: World, name: str) -> None:
    world.remote_dir = name or "~/"
    with pytest.raises(UsageError), world.far():
        pass
    assert world.ssh.calls() == []


LINKS = ["traefik", "traefik/dynamic", "traefik/dynamic/tls.yml", "secrets", "secrets/db-password", "acme",
         "acme/acme.json", "registry/htpasswd", "docker-compose.yml"]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("path", LINKS)
@pytest.mark.parametrize("force", [False, True])
def test_links_there_are_refused(world: World, tmp_path: Path, path: str, force: bool) -> None:
    world.up()
    victim = tmp_path / "victim"
    place = world.there / path
    if place.is_dir():
        shutil.move(place, victim)
    else:
        place.unlink()
        victim.write_text("precious")
    before = victim.stat().st_mode
    place.symlink_to(victim)
    world.write("traefik/dynamic/tls.yml", "new\n")
    with pytest.raises(RefusedError, match="is a symbolic link"):
        world.up(force=force)
    assert victim.is_dir() or victim.read_text() == "precious"
    assert victim.stat().st_mode == before


@pytest.mark.slow
@pytest.mark.parametrize("path", [".edgegen", ".edgegen/lock"])
def test_links_in_the_state_are_refused(world: World, tmp_path: Path, path: str) -> None:
    world.up()
    place = world.there / path
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    victim = tmp_path / "victim"
    victim.mkdir() if path == ".edgegen" else victim.write_text("precious")
    place.symlink_to(victim)
    with pytest.raises(OutsideError, match=r"symbolic link|not a regular file"):
        world.up()
    assert list(victim.iterdir()) == [] if victim.is_dir() else victim.read_text() == "precious"


def test_a_folder_in_the_place_of_the_certificates(world: World) -> None:
    """Docker makes one where a container mounts a file that does not exist."""
    (world.there / "acme" / "acme.json").mkdir(parents=True)
    for path in (world.there, world.there / "acme", world.there.parent):
        path.chmod(0o755)
    with pytest.raises(RefusedError, match="is a folder, where a file is needed"):
        world.up(force=True)


def test_leaves_of_a_local_authority(world: World) -> None:
    """They are in edgegen's own folder, which has the lock and the record there."""
    world.write(".edgegen/ca/leaf/own.key", "key", 0o600)
    for path in (".edgegen", ".edgegen/ca", ".edgegen/ca/leaf"):
        (world.here / path).chmod(0o700)
    with world.far() as far:
        far.enter(HOST, "shop")
        leaf = Mount("services.traefik", str(world.here / ".edgegen" / "ca" / "leaf"), "./.edgegen/ca/leaf")
        far.survey(load(world.here, [leaf]))
        far.copy()
    place = world.there / ".edgegen" / "ca" / "leaf"
    assert (place / "own.key").read_text() == "key"
    assert (place.stat().st_mode & 0o777, (place / "own.key").stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.slow
def test_a_hard_link_and_a_fifo_are_refused(world: World, tmp_path: Path) -> None:
    world.up()
    os.link(world.there / "registry" / "htpasswd", tmp_path / "second")
    (world.there / "docker-compose.yml").unlink()
    os.mkfifo(world.there / "docker-compose.yml")
    with pytest.raises(RefusedError) as caught:
        world.up()
    said = str(caught.value)
    assert "has 2 names (hard links)" in said
    assert "is a special file, where a file is needed" in said


@pytest.mark.slow
@pytest.mark.parametrize("where", [".", "..", "traefik"])
def test_a_folder_that_others_can_write_is_refused(world: World, where: str) -> None:
    world.up()
    (world.there / where).chmod(0o777)
    with pytest.raises(RefusedError, match="can be changed by other users"):
        world.up()


@pytest.mark.slow
def test_a_private_folder_is_made_private_again_first(world: World) -> None:
    world.up()
    (world.there / "secrets").chmod(0o755)
    world.up()
    assert (world.there / "secrets").stat().st_mode & 0o777 == 0o700


@pytest.mark.slow
def test_two_at_once(world: World) -> None:
    with world.far() as first:
        first.enter(HOST, "shop")
        with pytest.raises(LockedError) as caught:
            world.up()
    assert f"pid {os.getpid()} on laptop" in str(caught.value)
    world.up()


@pytest.mark.slow
def test_an_edgegen_that_runs_there_holds_the_same_lock(world: World) -> None:
    world.up()
    with lock(world.there), pytest.raises(LockedError):
        world.up()
    with world.far() as far:
        far.enter(HOST, "shop")
        with pytest.raises(LockedError, match="on laptop"), lock(world.there):
            pass


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["dash", "bash", "busybox"])
def test_other_shells_and_programs(world: World, tmp_path: Path, shell: str) -> None:
    """A host with nothing but busybox is a usual one."""
    programs = tmp_path / "programs"
    programs.mkdir()
    if shell == "busybox":
        if BUSYBOX is None:
            pytest.fail("busybox is needed: see tests/lab/requirements-debian.txt")
        for applet in APPLETS:
            (programs / applet).symlink_to(BUSYBOX)
        (programs / "flock").symlink_to(str(shutil.which("flock")))  # Debian's busybox has none, Alpine's does
        world.ssh.rule(path=str(programs))
    else:
        (programs / "sh").symlink_to(str(shutil.which(shell)))
        world.ssh.rule(path=f"{programs}:/usr/bin:/bin")
    world.write("traefik/dynamic/big.yml", "#" * 30_000)
    world.up()
    assert (world.there / "traefik" / "dynamic" / "big.yml").read_text() == "#" * 30_000
    assert world.up() == ()
    (world.there / "docker-compose.yml").write_text("edited\n")
    world.up(force=True)
    assert (world.there / "docker-compose.yml.bak").read_text() == "edited\n"
    assert (world.there / "acme" / "acme.json").stat().st_mode & 0o777 == 0o600


def test_a_missing_program_is_named(world: World, tmp_path: Path) -> None:
    programs = tmp_path / "few"
    programs.mkdir()
    for name in ("sh", "dd", "id", "tr", "cat"):
        (programs / name).symlink_to(str(shutil.which(name)))
    world.ssh.rule(path=str(programs))
    with pytest.raises(RefusedError, match="has no base64, chmod, flock"):
        world.up()


def test_a_host_without_id(world: World, tmp_path: Path) -> None:
    """Its greeting has no user."""
    programs = tmp_path / "few"
    programs.mkdir()
    for name in (*(applet for applet in APPLETS if applet != "id"), "flock"):
        (programs / name).symlink_to(str(shutil.which(name)))
    world.ssh.rule(path=str(programs))
    with pytest.raises(RefusedError, match="has no id"):
        world.up()
    (programs / "id").write_text("#!/bin/sh\nexit 1\n")
    (programs / "id").chmod(0o755)
    with pytest.raises(OutsideError, match="id prints no user"):
        world.up()


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["dash", "bash", "busybox sh"])
def test_a_refusal_leaves_no_folder_behind(world: World, shell: str) -> None:
    """What is found out after the lock is taken refuses a start: nothing was there, and nothing stays."""
    world.ssh.rule(shell=shell.split())
    with world.far() as far:
        far.enter(HOST, "shop")
        assert (world.there / ".edgegen" / "lock").exists()
    assert not world.there.exists()
    world.there.mkdir()
    with world.far() as far:
        far.enter(HOST, "shop")
    assert list(world.there.iterdir()) == [], "the folder was there before"
    (world.there / "precious").write_text("x")
    with pytest.raises(RefusedError):
        world.up()
    assert [path.name for path in world.there.iterdir()] == ["precious"]


def test_a_lock_that_its_holder_removes_is_none(world: World, tmp_path: Path) -> None:
    """Planted: between opening and locking the file, its name is gone."""
    programs = tmp_path / "late"
    programs.mkdir()
    (programs / "flock").write_text(f'#!/bin/sh\nrm -f {world.there}/.edgegen/lock\nexec /usr/bin/flock "$@"\n')
    (programs / "flock").chmod(0o755)
    world.ssh.rule(path=f"{programs}:/usr/bin:/bin")
    with pytest.raises(LockedError):
        world.up()


def test_a_login_shell_that_talks(world: World) -> None:
    world.ssh.rule(noise="Welcome to the machine\nfail of the day\n")
    world.up()
    assert (world.there / "docker-compose.yml").exists()


def test_a_host_that_refuses_us(world: World) -> None:
    world.ssh.rule(refuse="me@there: Permission denied (publickey).")
    with pytest.raises(OutsideError, match="Permission denied") as caught:
        world.up()
    assert "`ssh`" in caught.value.problems[0].hint


@pytest.mark.slow
def test_odd_names_and_bytes(world: World) -> None:
    odd = {"traefik/dynamic/a b.yml": b"\x00\xff\n.\n\x1b", "traefik/dynamic/-n $(id) 'q' \"d\" ü.yml": b"",
           "traefik/dynamic/ends in a space ": b".\n"}  # fmt: skip
    for path, content in odd.items():
        (world.here / path).write_bytes(content)
    world.up()
    for path, content in odd.items():
        assert world.files()[path] == (0o644, content)
    assert world.up() == ()


@pytest.mark.slow
def test_no_secret_is_shown_or_on_a_command_line(world: World) -> None:
    said = world.up()
    world.write("secrets/db-password", SECRET + "2", 0o444)
    said += world.up()
    shown = "\n".join([*said, *world.trace, json.dumps(world.ssh.calls())])
    assert len(world.ssh.calls()) == 2
    assert SECRET not in shown
    assert "hash" not in shown
