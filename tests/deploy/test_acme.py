"""acme.json: its mode is mended, its bytes are sacred, everything that is no plain file is refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from edgegen.deploy.acme import check_storage


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "acme.json"


def test_a_missing_one(path: Path) -> None:
    assert (check_storage(path).problem, check_storage(path).notice) == (None, "")


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o777, 0o400, 0o640])
def test_its_mode_is_mended_and_nothing_else(path: Path, mode: int) -> None:
    path.write_bytes(b'{"le": {}}')
    path.chmod(mode)
    before = path.stat()
    storage = check_storage(path)
    after = path.stat()
    assert storage.problem is None
    assert f"{mode:04o}" in storage.notice
    assert stat.S_IMODE(after.st_mode) == 0o600
    assert (before.st_ino, before.st_mtime_ns, path.read_bytes()) == (after.st_ino, after.st_mtime_ns, b'{"le": {}}')


def test_a_good_one_is_left_in_peace(path: Path) -> None:
    path.touch()
    path.chmod(0o600)
    before = path.stat().st_ctime_ns
    assert check_storage(path).notice == ""
    assert path.stat().st_ctime_ns == before


def test_a_folder_is_explained(path: Path) -> None:
    path.mkdir()
    problem = check_storage(path).problem
    assert problem is not None
    assert "is a folder: Docker creates one" in problem.message
    assert "rmdir" in problem.hint


def test_a_link_is_refused_and_its_target_untouched(path: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.touch(0o644)
    victim.chmod(0o644)
    path.symlink_to(victim)
    problem = check_storage(path).problem
    assert problem is not None and "symbolic link" in problem.message
    assert stat.S_IMODE(victim.stat().st_mode) == 0o644


def test_a_pipe_is_refused_without_waiting(path: Path) -> None:
    os.mkfifo(path)
    problem = check_storage(path).problem
    assert problem is not None and "not a regular file" in problem.message


def test_a_second_name_is_refused(path: Path, tmp_path: Path) -> None:
    path.touch(0o644)
    (tmp_path / "other").hardlink_to(path)
    problem = check_storage(path).problem
    assert problem is not None and "2 names" in problem.message


def test_a_swap_while_looking_is_noticed(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.touch()
    path.chmod(0o644)
    other = tmp_path / "other"
    other.touch()
    other.chmod(0o644)
    real = os.open
    monkeypatch.setattr(os, "open", lambda name, flags, *rest: real(other, flags, *rest))
    problem = check_storage(path).problem
    assert problem is not None and "was replaced" in problem.message
    assert stat.S_IMODE(other.stat().st_mode) == 0o644


def test_a_mode_that_can_not_be_changed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.touch()
    path.chmod(0o644)

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchmod", refuse)
    problem = check_storage(path).problem
    assert problem is not None and "sudo chmod 600" in problem.hint
