"""Reading a file that the user named, without being hung or filled by it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from edgegen.core.errors import LocalIOError, SpecError
from edgegen.system.read import read_bounded


def test_a_file_up_to_the_limit_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    assert read_bounded(tmp_path / "a", 3_000_000) == b"x" * 3_000_000


def test_a_larger_one_is_refused_by_its_size(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as sparse:
        sparse.truncate(1 << 40)
    begun = time.monotonic()
    with pytest.raises(SpecError, match="larger than 1048576 bytes"):
        read_bounded(tmp_path / "a", 1 << 20)
    assert time.monotonic() - begun < 20  # to read it would take many minutes


def test_a_file_without_a_size_is_bounded_while_it_is_read() -> None:
    with pytest.raises(SpecError, match="larger than 16"):
        read_bounded(Path("/proc/cpuinfo"), 16)


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("name: x")
    (tmp_path / "b").symlink_to("a")
    assert read_bounded(tmp_path / "b", 100) == b"name: x"


@pytest.mark.parametrize("kind", ["a FIFO", "a directory", "a character device"])
def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path, kind: str) -> None:
    os.mkfifo(tmp_path / "fifo")
    path = {"a FIFO": tmp_path / "fifo", "a directory": tmp_path, "a character device": Path("/dev/zero")}[kind]
    with pytest.raises(SpecError) as told:
        read_bounded(path, 100)
    assert str(told.value) == f"{path}: is {kind}, not a regular file"


def test_a_missing_file_is_an_io_error_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(LocalIOError, match=r"edge\.yaml: reading failed: No such file"):
        read_bounded(tmp_path / "edge.yaml", 100)
