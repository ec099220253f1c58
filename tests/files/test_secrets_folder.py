"""Secrets that all may read, in a folder that nobody else may enter: what is never shown, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgegen.core.errors import RefusedError
from edgegen.files import Output, check_outputs, diff_outputs, write_outputs

KEPT = Output("secrets/kept", b"canary-kept", 0o444, keep=True)
COPY = Output("secrets/copy", b"canary-copy", 0o444)
VARIABLES = Output("secrets/web.env", b"P=canary", 0o600)
ALL = [KEPT, COPY, VARIABLES]


def write(project: Path, outputs: list[Output], *, force: bool = False) -> None:
    write_outputs(project, outputs, force=force, spec_hash="s", environment=None, version="1")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, ALL)
    return tmp_path


def mode(path: Path) -> str:
    return f"{path.stat().st_mode & 0o7777:04o}"


def test_a_diff_never_shows_what_all_may_read(project: Path) -> None:
    changed = Output(COPY.path, b"canary-new", 0o444)
    assert diff_outputs(project, [KEPT, changed, VARIABLES]) == "secrets/copy: differs (a secret, not shown)\n"
    stale = diff_outputs(project, [KEPT, VARIABLES])
    assert stale == "secrets/copy: is no longer rendered (a secret, not shown)\n"


def test_a_refusal_never_shows_what_all_may_read(project: Path) -> None:
    (project / COPY.path).chmod(0o600)
    (project / COPY.path).write_bytes(b"canary-edited")
    with pytest.raises(RefusedError) as caught:
        write(project, [KEPT, Output(COPY.path, b"canary-new", 0o444), VARIABLES])
    assert "canary" not in f"{caught.value} {caught.value.problems}"


@pytest.mark.parametrize("found", [0o464, 0o644, 0o400, 0o600, 0o666])
def test_no_other_mode_will_do(project: Path, found: int) -> None:
    (project / KEPT.path).chmod(found)
    assert [item.detail for item in check_outputs(project, ALL)] == [f"has mode {found:04o} instead of 0444"]
    write(project, ALL)
    assert mode(project / KEPT.path) == "0444"


def test_the_folder_is_closed_and_that_is_on_disk_before_a_file_is_opened(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "secrets").chmod(0o755)
    (project / KEPT.path).chmod(0o600)
    (project / COPY.path).chmod(0o600)
    calls: list[str] = []
    real_chmod, real_sync = os.fchmod, os.fsync

    def name(descriptor: int) -> str:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink().relative_to(project))

    monkeypatch.setattr(os, "fchmod", lambda fd, bits: (calls.append(f"{name(fd)} {bits:o}"), real_chmod(fd, bits))[1])
    monkeypatch.setattr(os, "fsync", lambda fd: (calls.append(f"sync {name(fd)}"), real_sync(fd))[1])
    write(project, ALL)
    assert calls[:4] == ["secrets 700", "sync secrets", "secrets/kept 444", "secrets/copy 444"]


def test_a_strangers_folder_is_refused(project: Path) -> None:
    os.chown(project / "secrets", 65534, 65534)
    for force in (False, True):
        with pytest.raises(RefusedError, match="belongs to uid 65534") as caught:
            write(project, ALL, force=force)
    assert "chown 0" in caught.value.problems[0].hint


@pytest.mark.parametrize("output", ALL, ids=lambda output: output.path)
def test_a_strangers_file_is_refused(project: Path, output: Output) -> None:
    os.chown(project / output.path, 65534, 65534)
    with pytest.raises(RefusedError, match="belongs to uid 65534"):
        write(project, ALL)


def test_what_was_made_once_is_replaced_only_by_force_and_kept_beside(project: Path) -> None:
    copy = Output(KEPT.path, b"from a file", 0o444)
    assert "created once" in check_outputs(project, [copy])[0].detail
    with pytest.raises(RefusedError, match="created once and kept"):
        write(project, [copy])
    assert (project / KEPT.path).read_bytes() == KEPT.content
    write(project, [copy], force=True)
    assert (project / KEPT.path).read_bytes() == copy.content
    assert (project / "secrets/kept.bak").read_bytes() == KEPT.content
    assert mode(project / "secrets/kept.bak") == "0444"
