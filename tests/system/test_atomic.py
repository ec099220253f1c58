"""The last step of a write: what may take a name that somebody else has taken meanwhile, and what may not."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgegen.core.errors import LocalIOError, RefusedError
from edgegen.system import atomic
from edgegen.system.atomic import TEMP_NAME, TEMP_PREFIX

FILE = "edge.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    opened = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    yield opened
    os.close(opened)


def _stage(folder: int, content: bytes = b"new", mode: int = 0o644) -> atomic.Staged:
    return atomic.stage(folder, FILE, content, mode, f"project/{FILE}")


@pytest.mark.parametrize("mode", [0o400, 0o444, 0o600, 0o644, 0o666])
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o777, 0o000])
def test_what_is_staged_is_whole_and_has_its_mode_whatever_the_umask(
    tmp_path: Path, folder: int, mode: int, umask: int
) -> None:
    before = os.umask(umask)
    try:
        staged = _stage(folder, b"x" * 100_000, mode)
    finally:
        os.umask(before)
    file = tmp_path / staged.temp
    assert TEMP_NAME.fullmatch(staged.temp)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"x" * 100_000, mode)
    assert not (tmp_path / FILE).exists()


def test_a_secret_is_private_from_its_first_byte(tmp_path: Path, folder: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    write = os.write

    def look(opened: int, content: bytes) -> int:
        seen.append(stat.S_IMODE(os.fstat(opened).st_mode))
        return write(opened, content[:3])  # a short write is written on

    monkeypatch.setattr(os, "write", look)
    staged = _stage(folder, b"12345678")
    assert seen == [0o600] * 3
    assert (tmp_path / staged.temp).read_bytes() == b"12345678"


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, folder: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(opened: int, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(LocalIOError, match=r"^project/edge\.yaml: writing failed: No space left on device"):
        _stage(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_takes_its_name_and_leaves_no_other(tmp_path: Path, folder: int) -> None:
    atomic.publish_new(_stage(folder))
    assert [file.name for file in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).read_bytes() == b"new"
    assert (tmp_path / FILE).stat().st_nlink == 1


@pytest.mark.parametrize("kind", ["file", "symlink", "dangling symlink", "folder", "FIFO"])
def test_a_new_file_replaces_nothing_that_appeared_meanwhile(tmp_path: Path, folder: int, kind: str) -> None:
    staged = _stage(folder)
    there = tmp_path / FILE
    (tmp_path / "canary").write_bytes(b"theirs")
    if kind == "file":
        there.write_bytes(b"theirs")
    elif kind == "folder":
        there.mkdir()
    elif kind == "FIFO":
        os.mkfifo(there)
    else:
        there.symlink_to("canary" if kind == "symlink" else "nowhere")
    before = there.lstat()
    with pytest.raises(
        RefusedError, match=r"^project/edge\.yaml:? appeared while it was being created: run the command again"
    ):
        atomic.publish_new(staged)
    assert there.lstat().st_ino == before.st_ino
    assert (tmp_path / "canary").read_bytes() == b"theirs"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK])
def test_a_file_system_without_hard_links_gets_the_file_all_the_same(
    tmp_path: Path, folder: int, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def no_links(*args: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", no_links)
    atomic.publish_new(_stage(folder))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {FILE: b"new"}


@pytest.mark.parametrize("number", [errno.EIO, errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_another_trouble_of_a_link_replaces_nothing(
    tmp_path: Path, folder: int, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    staged = _stage(folder)
    (tmp_path / FILE).write_bytes(b"theirs")

    def trouble(*args: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", trouble)
    with pytest.raises(LocalIOError, match=rf"^project/edge\.yaml: making failed: {os.strerror(number)}"):
        atomic.publish_new(staged)
    assert (tmp_path / FILE).read_bytes() == b"theirs"


def test_replace_replaces_a_link_and_never_what_it_leads_to(tmp_path: Path, folder: int) -> None:
    (tmp_path / "canary").write_bytes(b"theirs")
    (tmp_path / FILE).symlink_to("canary")
    atomic.replace(_stage(folder))
    assert (tmp_path / "canary").read_bytes() == b"theirs"
    assert not (tmp_path / FILE).is_symlink()
    assert (tmp_path / FILE).read_bytes() == b"new"


def test_replace_says_what_failed(tmp_path: Path, folder: int) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(LocalIOError, match=r"^project/edge\.yaml: replacing failed: Is a directory"):
        atomic.replace(_stage(folder))


def test_an_empty_file_is_made_once(tmp_path: Path, folder: int) -> None:
    atomic.create_empty(folder, FILE, 0o600, f"project/{FILE}")
    assert (tmp_path / FILE).read_bytes() == b""
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["file", "symlink", "dangling symlink"])
def test_an_empty_file_empties_nothing_that_appeared_meanwhile(tmp_path: Path, folder: int, kind: str) -> None:
    (tmp_path / "canary").write_bytes(b"certificates")
    if kind == "file":
        (tmp_path / "canary").rename(tmp_path / FILE)
    else:
        (tmp_path / FILE).symlink_to("canary" if kind == "symlink" else "nowhere")
    with pytest.raises(
        RefusedError, match=r"^project/edge\.yaml:? appeared while it was being created: run the command again"
    ):
        atomic.create_empty(folder, FILE, 0o600, f"project/{FILE}")
    left = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    assert set(left.values()) <= {b"certificates"}
    assert not (tmp_path / "nowhere").exists()


def test_a_sweep_takes_only_unfinished_files_of_the_age(tmp_path: Path, folder: int) -> None:
    now = time.time()
    ages = {"a": 0, "b": 20, "c": 61, "d": 100_000}
    for digit, age in ages.items():
        file = tmp_path / f"{TEMP_PREFIX}{digit * 16}"
        file.write_bytes(b"half")
        os.utime(file, (now - age, now - age))
    others = [f"{TEMP_PREFIX}short", f"{TEMP_PREFIX}{'a' * 17}", f"x{TEMP_PREFIX}{'a' * 16}", FILE]
    for name in others:
        (tmp_path / name).write_bytes(b"theirs")
    atomic.sweep(folder, "project", older=60.0)
    assert {file.name for file in tmp_path.iterdir()} == {
        *others,
        f"{TEMP_PREFIX}{'a' * 16}",
        f"{TEMP_PREFIX}{'b' * 16}",
    }
    atomic.sweep(folder, "project")
    assert {file.name for file in tmp_path.iterdir()} == set(others)


def test_a_sweep_that_fails_says_so(tmp_path: Path, folder: int) -> None:
    (tmp_path / f"{TEMP_PREFIX}{'a' * 16}").mkdir()
    with pytest.raises(LocalIOError, match=r"^project: removing unfinished files failed: Is a directory"):
        atomic.sweep(folder, "project")


def test_what_is_gone_already_is_removed(tmp_path: Path, folder: int) -> None:
    (tmp_path / FILE).write_bytes(b"x")
    atomic.remove(folder, FILE)
    atomic.remove(folder, FILE)
    assert list(tmp_path.iterdir()) == []


def test_syncing_that_fails_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: int) -> None:
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)
    atomic.sync_directory(folder, "project")
    assert synced == [folder]

    def broken(opened: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(LocalIOError, match=r"^project: syncing failed: Input/output error"):
        atomic.sync_directory(folder, "project")


def test_a_discarded_file_is_gone_and_discarding_never_fails(tmp_path: Path, folder: int) -> None:
    staged = _stage(folder)
    atomic.discard(staged)
    atomic.discard(staged)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_that_can_not_be_made_says_so(
    tmp_path: Path, folder: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(LocalIOError, match=r"^project/edge\.yaml: making failed: No space left on device") as told:
        atomic.create_empty(folder, FILE, 0o600, f"project/{FILE}")
    assert told.value.problems[0].hint.endswith(" bytes are free on its file system")


def test_a_sweep_takes_a_file_of_exactly_the_age(tmp_path: Path, folder: int, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / f"{TEMP_PREFIX}{'a' * 16}"
    file.write_bytes(b"half")
    os.utime(file, (1000, 1000))
    for now, left in ((1059.0, True), (1060.0, False)):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        atomic.sweep(folder, "project", older=60.0)
        assert file.exists() is left


def test_a_link_put_in_place_of_the_unfinished_file_is_not_followed(tmp_path: Path, folder: int) -> None:
    staged = _stage(folder)
    (tmp_path / "canary").write_bytes(b"theirs")
    (tmp_path / staged.temp).unlink()
    (tmp_path / staged.temp).symlink_to("canary")
    atomic.publish_new(staged)
    assert (tmp_path / "canary").stat().st_nlink == 1


_AT_EVERY_LINE = """
import os, signal, sys
from edgegen.system import atomic
from edgegen.system.stop import Interrupted

def leave(number, frame):
    raise Interrupted(number)

def at(number):
    seen = 0
    def trace(frame, event, _):
        nonlocal seen
        if event == "line":
            seen += 1
            if seen == number:
                sys.settrace(None)
                signal.raise_signal(signal.SIGTERM)
        return trace
    return lambda frame, event, _: trace if "/edgegen/" in frame.f_code.co_filename else None

signal.signal(signal.SIGTERM, leave)
folder = os.open(sys.argv[1], os.O_RDONLY)

def written(number):
    sys.settrace(at(number))
    try:
        atomic.put(folder, "f", b"new", 0o644, "f")
    except Interrupted:
        return False
    finally:
        sys.settrace(None)
    return True

number = 1
while not written(number):
    assert set(os.listdir(folder)) <= {"f"}, (number, os.listdir(folder))
    number += 1
print(number)
"""


@pytest.mark.slow
def test_a_signal_at_any_line_leaves_no_temporary_file(tmp_path: Path) -> None:
    said = subprocess.check_output([sys.executable, "-c", _AT_EVERY_LINE, str(tmp_path)], timeout=60)
    assert int(said) > 30
