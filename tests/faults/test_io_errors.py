"""Every system call on the project fails once with each error: exit 7, nothing torn, nothing replaced too early."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

import pytest

from tests.faults.harness import EverySyscall, Scenario, environment, tree
from tests.faults.scenarios import FRESH, IN_PLACE, OVERWRITE, WIDEN, in_use, write_once
from tests.sizes import is_proof

ERRORS = ("ENOSPC", "EIO", "EROFS", "EACCES", "EDQUOT")


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [FRESH, OVERWRITE], ids=lambda scenario: scenario.name)
def test_any_error_at_any_call_is_exit_7_and_is_mended_by_the_next_run(scenario: Scenario, tmp_path: Path) -> None:
    every = EverySyscall(scenario, tmp_path / "work")
    # 0: the one call that may fail unnoticed is the courtesy of emptying the lock at the end.
    assert len(every.points) >= 45
    verdict = every.fail(ERRORS, accepted=frozenset({0, 7}), one_in=41)
    print(f"{scenario.name}: {verdict.points} points {dict(verdict.exits)}")
    assert verdict.faults == []
    assert verdict.exits[0] <= len(ERRORS)
    assert verdict.exits[0] == len(ERRORS) or not is_proof()


@pytest.mark.slow
def test_no_error_leaves_a_readable_secret_in_an_open_folder(tmp_path: Path) -> None:
    every = EverySyscall(WIDEN, tmp_path / "work")
    assert len(every.points) >= 30
    verdict = every.fail(ERRORS, accepted=frozenset({0, 7}), one_in=41)
    assert (verdict.exposed, verdict.torn, verdict.store, verdict.unhealed, verdict.missed) == ([], [], [], [], [])


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [FRESH, OVERWRITE], ids=lambda scenario: scenario.name)
def test_an_interrupted_call_is_repeated(scenario: Scenario, tmp_path: Path) -> None:
    verdict = EverySyscall(scenario, tmp_path / "work").fail(["EINTR"], accepted=frozenset({0}), one_in=17)
    assert verdict.faults == []


@pytest.mark.slow  # strace
def test_the_harness_sees_that_a_writer_in_place_is_torn_by_a_full_disk(tmp_path: Path) -> None:
    verdict = EverySyscall(IN_PLACE, tmp_path / "work").fail(["ENOSPC"], accepted=frozenset({1}), one_in=3)
    assert verdict.torn


@pytest.mark.slow
def test_a_short_write_followed_by_an_error_leaves_nothing(tmp_path: Path) -> None:
    in_use(tmp_path)
    before = tree(tmp_path)

    def small_files() -> None:  # the kernel writes 1000 bytes of more, then says EFBIG
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    done = subprocess.run(
        write_once(tmp_path, "next"),
        env=environment(),
        check=False,
        preexec_fn=small_files,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 7
    assert "File too large" in done.stderr
    assert tree(tmp_path) == before


def in_mount_namespace(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A shell script with mounts of its own, as root of a user namespace."""
    return subprocess.run(
        ["unshare", "-Urm", "sh", "-eu", "-c", script, "sh", *arguments],
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.slow
def test_a_full_disk_replaces_nothing_and_names_the_free_bytes(tmp_path: Path) -> None:
    script = """
        mount -t tmpfs -o size=64k tmpfs "$1"
        head -c "$4" /dev/zero > "$1/filler"
        code=0; "$2" "$3" "$1" fresh || code=$?
        echo "exit $code"; find "$1" -type f -printf '%P\n' | sort
    """
    python, program, *_ = write_once(tmp_path, "fresh")
    (tmp_path / "disk").mkdir()
    with_room = in_mount_namespace(script, str(tmp_path / "disk"), python, program, "1")
    assert "exit 0" in with_room.stdout, with_room.stderr
    full = in_mount_namespace(script, str(tmp_path / "disk"), python, program, "40000")
    assert full.stdout.split() == ["exit", "7", ".edgegen/lock", "filler"]
    assert "bytes are free" in full.stderr
    assert "No space left" in full.stderr


@pytest.mark.slow
def test_a_bind_mounted_target_is_named(tmp_path: Path) -> None:
    in_use(tmp_path)
    before = tree(tmp_path)
    script = """
        mount --bind "$1/docker-compose.yml" "$1/docker-compose.yml"
        code=0; "$2" "$3" "$1" next || code=$?
        echo "exit $code"
    """
    python, program, *_ = write_once(tmp_path, "next")
    done = in_mount_namespace(script, str(tmp_path), python, program)
    assert done.stdout.strip() == "exit 7", done.stderr
    assert "is bind-mounted: render to the directory instead" in done.stderr
    assert tree(tmp_path) == before


@pytest.mark.slow
def test_a_read_only_file_system_is_named(tmp_path: Path) -> None:
    in_use(tmp_path)
    script = """
        mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"
        code=0; "$2" "$3" "$1" next || code=$?
        echo "exit $code"
    """
    python, program, *_ = write_once(tmp_path, "next")
    done = in_mount_namespace(script, str(tmp_path), python, program)
    assert done.stdout.strip() == "exit 7", done.stderr
    assert "mounted read-only" in done.stderr
