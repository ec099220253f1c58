"""A connection that is cut at any byte, a killed copy, a full disk: the old files stay usable, and the next run
completes the work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgegen.core.errors import EdgegenError, OutsideError, PartialError
from edgegen.deploy.remote import far, folder
from edgegen.deploy.remote.judge import Plan
from edgegen.deploy.remote.record import PENDING
from tests.deploy.remote.conftest import World
from tests.sizes import sized, some

STEPS = sized(6, 80)
Files = dict[str, tuple[int, bytes]]


def changed(world: World) -> None:
    """A second state: one file is new, one other, one gone, one has another mode."""
    world.write("docker-compose.yml", "name: shop\nx-version: 2\n")
    world.write("registry/htpasswd", "ci:$2y$other\n", 0o600)
    world.write("secrets/second", "new", 0o444)
    (world.here / "traefik" / "dynamic" / "gone.yml").unlink(missing_ok=True)


@pytest.fixture
def two_states(world: World) -> tuple[World, Files, Files]:
    """The files there before, and as they are to be. The other host is in the first state, we in the second."""
    world.write("traefik/dynamic/gone.yml", "gone\n")
    world.up()
    before = world.files()
    changed(world)
    shutil.copytree(world.ssh.home, world.ssh.home.with_name("kept"))
    world.up()
    after = world.files()
    restore(world)
    return world, before, after


def restore(world: World) -> None:
    shutil.rmtree(world.ssh.home)
    shutil.copytree(world.ssh.home.with_name("kept"), world.ssh.home)


def judge(world: World, before: Files, after: Files, error: EdgegenError | None) -> str:
    """Which state it is; every file is whole in any case."""
    found = world.files()
    for path, value in found.items():
        assert value in (before.get(path), after.get(path)), f"{path} is neither the old nor the new one"
    for path in before.keys() & after.keys():
        assert path in found, f"{path} is missing"
    if error is None:
        assert found == after
    elif not isinstance(error, PartialError):
        assert found == before, "something was changed, and the error says that nothing was"
    return "after" if found == after else "before" if found == before else "between"


def attempt(world: World) -> EdgegenError | None:
    try:
        world.up()
    except EdgegenError as error:
        return error
    return None


@pytest.mark.slow
@pytest.mark.parametrize("direction", ["cut_after_sent", "cut_after_answers"])
def test_a_connection_cut_at_every_nth_byte(two_states: tuple[World, Files, Files], direction: str) -> None:
    world, before, after = two_states
    world.up()
    whole = len(world.ssh.sent() if direction == "cut_after_sent" else world.ssh.answered())
    restore(world)
    seen = set()
    for at in [*range(1, whole, max(1, whole // STEPS)), whole - 1]:
        world.ssh.rule(**{direction: at})
        error = attempt(world)
        wait_for_the_end(world)
        seen.add(judge(world, before, after, error))
        world.ssh.rule()
        assert attempt(world) is None, "the next run does not complete it"
        assert world.files() == after
        assert attempt(world) is None
        restore(world)
    # What is sent last is the order to commit: once it has arrived, the work is done, whoever listens.
    assert seen >= ({"before"} if direction == "cut_after_sent" else {"before", "after"})


def wait_for_the_end(world: World) -> None:
    """The shell there ends by itself when it notices: until then it holds the lock."""
    state = world.there / ".edgegen" / "lock"
    deadline = time.monotonic() + 60
    while subprocess.run(["flock", "-n", str(state), "true"], check=False).returncode:
        assert time.monotonic() < deadline, "the lock stays held"
        time.sleep(0.01)


_KILL = """
shell=$(cut -d' ' -f4 /proc/$PPID/stat)
case $(tr '\\0' ' ' </proc/$shell/cmdline) in "sh -c read -r n"*) kill -9 $shell ;; esac
kill -9 $PPID
"""
"""The command runs in a subshell: the script itself is its parent."""


@pytest.mark.slow
@pytest.mark.parametrize("step", some(range(20), 4))
def test_the_shell_there_is_killed_between_two_steps(
    two_states: tuple[World, Files, Files], tmp_path: Path, step: int
) -> None:
    """Planted in the programs of that host: the nth call of a program that changes files kills its shell."""
    survives(two_states, tmp_path, step)


@pytest.mark.slow
def test_without_its_record_an_interrupted_copy_would_look_like_edits(
    two_states: tuple[World, Files, Files], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the digests are not written before the first file is replaced."""
    real = folder._steps

    def forgetful(plan: Plan, record: int) -> Iterator[tuple[str, str, str]]:
        return (step for step in real(plan, record) if step[2] != PENDING)

    monkeypatch.setattr(folder, "_steps", forgetful)
    with pytest.raises(AssertionError, match="RefusedError"):
        for step in range(20):
            restore(two_states[0])
            changed(two_states[0])
            survives(two_states, tmp_path / str(step), step)


def survives(two_states: tuple[World, Files, Files], place: Path, step: int) -> None:
    world, before, after = two_states
    programs, count = place / "deadly", place / "count"
    programs.mkdir(parents=True)
    for name in ("mv", "chmod", "mkdir", "rm"):
        real = shutil.which(name, path="/usr/bin:/bin")
        (programs / name).write_text(
            f"#!/bin/sh\nn=$(cat {count} 2>/dev/null || echo 0)\necho $((n + 1)) >{count}\n"
            f'[ "$n" = {step} ] || exec {real} "$@"\n{_KILL}'
        )
        (programs / name).chmod(0o755)
    world.ssh.rule(path=f"{programs}:/usr/bin:/bin")
    error = attempt(world)
    wait_for_the_end(world)
    judge(world, before, after, error)
    assert error is not None or int(count.read_text()) <= step + 1
    world.ssh.rule()
    third = {
        "docker-compose.yml": (0o644, b"name: shop\nx-version: 3\n"),
        "registry/htpasswd": (0o600, b"ci:$2y$third\n"),
    }
    for path, (mode, content) in third.items():
        world.write(path, content.decode(), mode)  # what was interrupted is no longer what is wanted
    again = attempt(world)
    assert again is None, type(again).__name__
    assert world.files() == {**after, **third}
    assert attempt(world) is None


@pytest.mark.slow
def test_a_full_disk_there(two_states: tuple[World, Files, Files], tmp_path: Path) -> None:
    """A file system of its own with no room for the files."""
    world, before, _ = two_states
    if os.geteuid():
        pytest.fail("a file system of its own needs root")
    script = tmp_path / "script.py"
    script.write_text(
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from edgegen.deploy.remote.far import connected\n"
        "from edgegen.deploy.runner import Runner\n"
        "with connected(Runner(), 'ssh://me@there') as far:\n"
        "    far.enter(sys.argv[2], create=True); far.lock('laptop')\n"
        "    try: far.stage('0', b'x' * 300_000)\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
        "    try: far.check()\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
    )
    small = world.ssh.home / "small"
    small.mkdir()
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", f'mount -t tmpfs -o size=64k tmpfs {small} && exec "$@"', "sh",
         sys.executable, str(script), str(Path(folder.__file__).parents[3]), str(small)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert "OutsideError ssh://me@there: writing failed: " in done.stdout, done
    assert re.search("no space left", done.stdout, re.IGNORECASE), done
    assert "PartialError" not in done.stdout
    assert world.files() == before


def damaging(world: World, place: Path) -> None:
    """A host whose `base64` adds a byte."""
    place.mkdir()
    (place / "base64").write_text(
        '#!/bin/sh\n[ "$*" = -d ] || exec /usr/bin/base64 "$@"\n/usr/bin/base64 -d; printf x\n'
    )
    (place / "base64").chmod(0o755)
    world.ssh.rule(path=f"{place}:/usr/bin:/bin")


@pytest.mark.slow
def test_a_file_that_arrives_damaged_changes_nothing(two_states: tuple[World, Files, Files], tmp_path: Path) -> None:
    world, before, _ = two_states
    damaging(world, tmp_path / "lying")
    with pytest.raises(OutsideError, match="not what was sent"):
        world.up()
    assert world.files() == before


@pytest.mark.slow
def test_the_digests_are_what_finds_it(
    two_states: tuple[World, Files, Files], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the other host does not compare them."""
    world, before, after = two_states
    blind = far.far_script().replace(b"sha256sum -c sums", b"true sums")
    assert blind != far.far_script()
    monkeypatch.setattr(far, "far_script", lambda: blind)
    damaging(world, tmp_path / "lying")
    error = attempt(world)
    with pytest.raises(AssertionError, match="neither the old nor the new one"):
        judge(world, before, after, error)


@pytest.mark.slow
def test_a_host_that_says_nothing_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgegen.deploy.remote.far._LOGIN", 0.3)
    world.ssh.rule(shell=["sh", "-c", "exec sleep 60", "sh"])
    with pytest.raises(OutsideError, match="does not answer"):
        world.up()


@pytest.mark.slow
def test_a_host_that_talks_without_end(world: World) -> None:
    world.ssh.rule(shell=["sh", "-c", "exec yes", "sh"])
    with pytest.raises(OutsideError, match="can't be read"):
        world.up()


@pytest.mark.parametrize("line", ["at full relative", "at full /x", "above x y z", "nonsense", "", "ok"])
def test_answers_that_are_none(world: World, line: str) -> None:
    world.ssh.rule(shell=["sh", "-c", f"echo edgegen 1 0 /root; echo '{line}'; exec cat >/dev/null", "sh"])
    with pytest.raises(OutsideError, match="can't be read"):
        world.up()


@pytest.mark.parametrize("user", ["x", "-1", "\u0663", "9" * 5000])
def test_a_user_that_is_none(world: World, user: str) -> None:
    world.ssh.rule(shell=["sh", "-c", f"echo edgegen 1 {user} /root; exec cat >/dev/null", "sh"])
    with pytest.raises(OutsideError, match="can't be read"):
        world.up()
