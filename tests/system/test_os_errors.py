"""A system error becomes a sentence: which path, what was tried, why, and what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from edgegen.core.errors import LocalIOError
from edgegen.system.os_errors import again, naming, of_a_path, refused

MOUNTED = "it is bind-mounted: render to the directory instead, and mount the directory, not the file"
NOT_OURS = f"check the owner and mode of the file and its folder (this process is uid {os.geteuid()})"


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.EBUSY, MOUNTED),
        (errno.EXDEV, MOUNTED),
        (errno.EROFS, "its file system is mounted read-only"),
        (errno.EACCES, NOT_OURS),
        (errno.EPERM, NOT_OURS),
        (errno.EIO, ""),
        (errno.ENOSPC, ""),  # without its folder nobody can say how full it is
        (errno.EDQUOT, ""),
    ],
)
def test_an_error_has_its_hint(number: int, hint: str) -> None:
    with pytest.raises(LocalIOError) as told, naming("acme/acme.json", "writing"):
        raise OSError(number, os.strerror(number))
    (problem,) = told.value.problems
    assert str(problem) == f"acme/acme.json: writing failed: {os.strerror(number)}"
    assert problem.hint == hint
    assert isinstance(told.value.__cause__, OSError)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_with_its_free_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    facts = list(os.statvfs(tmp_path))
    facts[1], facts[4] = 512, 7  # f_frsize, f_bavail
    monkeypatch.setattr(os, "fstatvfs", lambda _: os.statvfs_result(facts))
    with pytest.raises(LocalIOError) as told, naming("a", "writing", 3):
        raise OSError(number, "full")
    assert told.value.problems[0].hint == "3584 bytes are free on its file system"
    with pytest.raises(LocalIOError) as told, naming("a", "writing", 3):
        raise OSError(errno.EIO, "broken")
    assert told.value.problems[0].hint == ""


def test_an_error_without_words_of_the_system_says_its_own() -> None:
    with pytest.raises(LocalIOError, match=r"^a: reading failed: odd$"), naming("a", "reading"):
        raise OSError("odd")


def test_a_call_that_a_signal_interrupted_is_made_again() -> None:
    calls = []

    def interrupted() -> str:
        calls.append(1)
        if len(calls) < 4:
            raise InterruptedError
        return "done"

    assert again(interrupted) == "done"
    assert len(calls) == 4


def test_a_refusal_has_its_path_and_its_hint() -> None:
    error = refused("secrets/db", "is a FIFO", "move it")
    assert str(error) == "secrets/db: is a FIFO"
    assert error.problems[0].hint == "move it"
    assert refused("a", "b").problems[0].hint == ""
    assert error.exit_code == 3


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP, errno.EIO, errno.EROFS])
def test_a_path_is_to_blame(number: int) -> None:
    told = of_a_path(OSError(number, os.strerror(number), "/srv/shop/edge.yaml"))
    assert told is not None
    assert str(told) == f"/srv/shop/edge.yaml: {os.strerror(number)}"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOENT, "No such file or directory", "/srv/shop/edge.yaml"),
        OSError(errno.EBADF, "Bad file descriptor", "/srv/shop/edge.yaml"),
        OSError(errno.EACCES, "Permission denied"),  # of a socket
        OSError(errno.EACCES, "Permission denied", 3),
        OSError("neither a number nor a path"),
    ],
)
def test_nobody_but_edgegen_is_to_blame(error: OSError) -> None:
    assert of_a_path(error) is None
