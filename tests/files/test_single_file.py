"""Single files outside of a render: `edge.yaml`, `.gitignore`, the htpasswd."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgegen.core.errors import RefusedError
from edgegen.files import ReportFile, put_file, read_project_file
from edgegen.system.atomic import TEMP_PREFIX


def test_a_new_file_is_written_with_its_mode(tmp_path: Path) -> None:
    report = put_file(tmp_path, "registry/htpasswd", b"ci:x\n", mode=0o600)
    assert report.written == ("registry/htpasswd",)
    assert (tmp_path / "registry/htpasswd").stat().st_mode & 0o7777 == 0o600
    assert read_project_file(tmp_path, "registry/htpasswd") == b"ci:x\n"


def test_other_content_is_refused_replaced_or_kept(tmp_path: Path) -> None:
    put_file(tmp_path, "edge.yaml", b"one")
    with pytest.raises(RefusedError, match="exists already"):
        put_file(tmp_path, "edge.yaml", b"two")
    assert put_file(tmp_path, "edge.yaml", b"two", existing="backup").backups == ("edge.yaml.bak",)
    assert (tmp_path / "edge.yaml.bak").read_bytes() == b"one"
    assert put_file(tmp_path, "edge.yaml", b"three", existing="replace").backups == ()
    assert (tmp_path / "edge.yaml").read_bytes() == b"three"


def test_equal_content_is_left_alone_but_for_its_mode(tmp_path: Path) -> None:
    put_file(tmp_path, "edge.yaml", b"one", mode=0o600)
    assert put_file(tmp_path, "edge.yaml", b"one", mode=0o600).unchanged == ("edge.yaml",)
    (tmp_path / "edge.yaml").chmod(0o644)
    assert put_file(tmp_path, "edge.yaml", b"one", mode=0o600).mended == ("edge.yaml",)


def test_without_a_lock_an_unfinished_file_of_another_run_is_left_alone(tmp_path: Path) -> None:
    fresh, old = (tmp_path / f"{TEMP_PREFIX}{digit * 16}" for digit in "ab")
    for file in (fresh, old):
        file.write_text("half")
    os.utime(old, (1, 1))
    ReportFile("--junit", tmp_path / "report.xml", lambda _: True).put(b"<testsuites/>")
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([fresh.name, "report.xml"])
    put_file(tmp_path, "edge.yaml", b"one")  # with the lock nobody else can be at work
    assert not fresh.exists()


def test_a_link_is_neither_written_nor_read_through(tmp_path: Path) -> None:
    (tmp_path / "canary").write_text("canary")
    (tmp_path / "edge.yaml").symlink_to("canary")
    with pytest.raises(RefusedError):
        put_file(tmp_path, "edge.yaml", b"two", existing="replace")
    with pytest.raises(RefusedError):
        read_project_file(tmp_path, "edge.yaml")
    assert (tmp_path / "canary").read_text() == "canary"


def test_a_missing_file_reads_as_none(tmp_path: Path) -> None:
    assert read_project_file(tmp_path, "registry/htpasswd") is None
