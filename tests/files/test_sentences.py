"""What a render says of files that are in its way, gone, or no longer its own."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from edgegen.core.errors import LocalIOError, LockedError, RefusedError
from edgegen.files import Output, WriteReport, check_outputs, diff_outputs, lock, put_file, write_outputs

A, NESTED = Output("a.yml", b"a: 1\n"), Output("traefik/dynamic/tls.yml", b"tls: {}\n")


def write(project: Path, outputs: Sequence[Output], *, force: bool = False) -> WriteReport:
    return write_outputs(project, outputs, force=force, spec_hash="s", environment=None, version="1")


def test_an_edit_is_told_with_its_diff(tmp_path: Path) -> None:
    write(tmp_path, [A])
    (tmp_path / "a.yml").write_text("a: 2\n")
    with pytest.raises(RefusedError) as told:
        write(tmp_path, [A])
    lines = ["is edited by hand since edgegen wrote it", "--- a.yml (on disk)", "+++ a.yml (rendered)", "@@ -1 +1 @@"]
    (problem,) = told.value.problems
    assert problem.message.split("\n") == [*lines, "-a: 2", "+a: 1"]
    assert problem.hint == "put the change into the spec, or use --force, which keeps the file as a.yml.bak"


def test_only_what_was_written_can_have_been_deleted(tmp_path: Path) -> None:
    write(tmp_path, [A])
    (tmp_path / "a.yml").unlink()
    kept = Output("secrets/db", b"x", 0o600, keep=True)
    assert write(tmp_path, [A, NESTED, kept]).warnings == (f"{tmp_path}/a.yml was deleted since edgegen wrote it",)
    (tmp_path / "secrets/db").unlink()
    assert write(tmp_path, [A, NESTED, kept]).warnings == (f"{tmp_path}/secrets/db was deleted since edgegen wrote it",)


def test_what_is_no_longer_rendered_is_shown_as_it_goes(tmp_path: Path) -> None:
    write(tmp_path, [A, NESTED])
    (difference,) = check_outputs(tmp_path, [NESTED])
    assert (difference.path, difference.kind, difference.detail) == ("a.yml", "stale", "is no longer rendered")
    assert diff_outputs(tmp_path, [NESTED]) == "--- a.yml (on disk)\n+++ /dev/null\n@@ -1 +0,0 @@\n-a: 1\n"


@pytest.mark.parametrize("there", ["a file", "a dangling link", "a folder"])
def test_a_backup_takes_the_first_name_that_nobody_has(tmp_path: Path, there: str) -> None:
    write(tmp_path, [NESTED])
    file = tmp_path / NESTED.path
    file.write_text("mine")
    file.chmod(0o640)
    taken = file.with_name("tls.yml.bak")
    {"a file": taken.touch, "a dangling link": lambda: taken.symlink_to("gone"), "a folder": taken.mkdir}[there]()
    assert write(tmp_path, [NESTED], force=True).backups == ("traefik/dynamic/tls.yml.bak.1",)
    backup = file.with_name("tls.yml.bak.1")
    assert (backup.read_text(), backup.stat().st_mode & 0o7777) == ("mine", 0o640)


def test_a_backup_that_can_not_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_file(tmp_path, "a.yml", b"mine")

    def no_links(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(LocalIOError, match=rf"^{tmp_path}/a\.yml\.bak: making failed: Input/output error"):
        put_file(tmp_path, "a.yml", b"new", existing="backup")
    assert (tmp_path / "a.yml").read_bytes() == b"mine"


def test_an_unfinished_file_that_can_not_go_is_told_with_its_folder(tmp_path: Path) -> None:
    (tmp_path / f"traefik/dynamic/.edgegen-tmp-{'a' * 16}").mkdir(parents=True)
    with pytest.raises(LocalIOError, match=rf"^{tmp_path}/traefik/dynamic: removing unfinished files failed"):
        write(tmp_path, [NESTED])


def test_other_content_is_refused_with_the_way_out(tmp_path: Path) -> None:
    put_file(tmp_path, "a.yml", b"mine")
    with pytest.raises(RefusedError) as told:
        put_file(tmp_path, "a.yml", b"new")
    assert str(told.value) == f"{tmp_path}/a.yml: exists already, with other content"
    assert told.value.problems[0].hint == "--force keeps it as a .bak"


def test_a_holder_signs_and_takes_its_name_away(tmp_path: Path) -> None:
    file = tmp_path / ".edgegen/lock"
    with lock(tmp_path):
        signed = json.loads(file.read_text())
        assert (signed["pid"], signed["host"]) == (os.getpid(), os.uname().nodename)
        assert sorted(signed) == ["host", "pid", "since"]
    assert file.read_text() == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "its process is not known yet"),
        (b"[]", "its process is not known yet"),
        (b'{"pid": 1}', "its process is not known yet"),
        (b'{"pid": 7, "host": "h", "since": "s"}', "pid 7 on h, since s"),
    ],
)
def test_a_holder_is_named_as_it_signed(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / ".edgegen").mkdir(mode=0o700)
    file = tmp_path / ".edgegen/lock"
    file.touch(mode=0o600)
    with file.open("r+b") as held:
        held.write(content)
        held.flush()
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(LockedError) as told, lock(tmp_path):
            pass
    assert str(told.value) == f"{file}: another edgegen holds the lock ({said})"
    assert told.value.problems[0].hint == "wait until it has finished"


def test_a_lock_that_can_not_be_signed_holds_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signature is a courtesy: on a full disk whoever waits is not told the name, and waits all the same."""

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with lock(tmp_path), (tmp_path / ".edgegen/lock").open("r+b") as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert other.read() == b""
    with (tmp_path / ".edgegen/lock").open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
