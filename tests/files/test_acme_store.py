"""The certificates' file: made empty and private, then only looked at."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from edgegen.core.errors import RefusedError
from edgegen.files import Output, WriteReport, check_outputs, write_outputs

STORE = Output("acme/acme.json", b"", 0o600, keep=True)


def write(project: Path) -> WriteReport:
    return write_outputs(project, [STORE], spec_hash="s", environment=None, version="1")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path / "acme/acme.json"


def facts(path: Path) -> tuple[bytes, int, int]:
    return path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns


def test_it_begins_empty_and_private(store: Path) -> None:
    assert store.read_bytes() == b""
    assert store.stat().st_mode & 0o7777 == 0o600
    assert store.parent.stat().st_mode & 0o7777 == 0o700


@pytest.mark.parametrize("content", [b"", b"{}", b'{"le": {"Certificates": []}}\n'])
def test_what_traefik_can_read_is_left_in_silence(store: Path, content: bytes) -> None:
    store.write_bytes(content)
    before = facts(store)
    report = write(store.parent.parent)
    assert report == WriteReport(kept=("acme/acme.json",))
    assert facts(store) == before


@pytest.mark.parametrize("content", [b'{"le": {"Cert', b"not json", b"\xff\xfe\x00", b"[" * 100_000])
def test_what_traefik_can_not_read_is_told_with_its_size_and_left(store: Path, content: bytes) -> None:
    store.write_bytes(content)
    before = facts(store)
    (warning,) = write(store.parent.parent).warnings
    assert f"({len(content)} bytes) is not complete JSON" in warning
    assert facts(store) == before


def test_a_loose_mode_is_mended_and_told_but_only_reported_by_check(store: Path) -> None:
    store.write_bytes(b"{}")
    store.chmod(0o644)
    before = facts(store)
    (difference,) = check_outputs(store.parent.parent, [STORE])
    assert (difference.path, difference.kind) == ("acme/acme.json", "mode")
    assert store.stat().st_mode & 0o7777 == 0o644
    assert write(store.parent.parent).mended == ("acme/acme.json",)
    assert store.stat().st_mode & 0o7777 == 0o600
    assert facts(store) == before


def test_a_directory_made_by_docker_is_explained(tmp_path: Path) -> None:
    (tmp_path / "acme/acme.json").mkdir(parents=True)
    with pytest.raises(RefusedError, match="empty directory; Docker creates one") as caught:
        write(tmp_path)
    assert f"rmdir {tmp_path}/acme/acme.json" in caught.value.problems[0].hint


def test_a_fifo_is_refused_at_once(store: Path) -> None:
    store.unlink()
    os.mkfifo(store)
    begun = time.monotonic()
    with pytest.raises(RefusedError, match="is a FIFO"):
        write(store.parent.parent)
    assert time.monotonic() - begun < 20


def test_a_file_of_another_user_is_refused(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(RefusedError, match=r"belongs to uid \d+, and this process is uid 54321"):
        write(store.parent.parent)


def test_a_linked_folder_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (tmp_path / "acme").symlink_to(elsewhere)
    with pytest.raises(RefusedError, match="is a symbolic link, where a folder is needed"):
        write(tmp_path)
    assert list(elsewhere.iterdir()) == []
    assert elsewhere.stat().st_mode & 0o7777 == 0o755
