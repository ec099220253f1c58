"""`--fix` and `--diff`: exactly the meant bytes change, whole files or none, and a second run changes nothing."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

import edgegen.files.in_place
from edgegen.core.errors import RefusedError
from edgegen.files.in_place import Rewrite, rewrite
from tests.cli.lint.conftest import HASH, Lint, compose

FILE = "compose.yaml"
STYLES = {
    "list": (
        "# é\nservices:\n  web:\n    labels:\n      - old.x=1   # why\n      - \"gone=1\"\n      - fine=1\n",
        "# é\nservices:\n  web:\n    labels:\n      - new.x=1   # why\n      - fine=1\n",
    ),
    "map": (
        "services:\n  web:\n    labels:\n     old.x:   'it''s'\n     gone: |\n       text\n\n     fine: 1\n",
        "services:\n  web:\n    labels:\n     new.x:   'it''s'\n     fine: 1\n",
    ),
    "CRLF": (
        "services:\r\n  web:\r\n    labels:\r\n      old.x: 1 # c\r\n      gone: 1\r\n      fine: 1\r\n",
        "services:\r\n  web:\r\n    labels:\r\n      new.x: 1 # c\r\n      fine: 1\r\n",
    ),
    "byte order mark": (
        "\ufeffservices: {web: {labels: {old.x: 1, fine: 1}}}\n",
        "\ufeffservices: {web: {labels: {new.x: 1, fine: 1}}}\n",
    ),
    "no newline at the end": ("services: {web: {labels: [old.x=1]}}", "services: {web: {labels: [new.x=1]}}"),
    "flow": (
        "services: {web: {labels: [ 'old.x=1' ,  gone=1, fine=1 ]}} # end\n",
        "services: {web: {labels: [ 'new.x=1' ,  fine=1 ]}} # end\n",
    ),
    "anchor": (
        "x-l: &l\n  old.x: 1\nservices:\n  web:\n    labels: {<<: *l}\n  api:\n    labels: *l\n",
        "x-l: &l\n  new.x: 1\nservices:\n  web:\n    labels: {<<: *l}\n  api:\n    labels: *l\n",
    ),
    "what an anchor shares is not removed": (
        "x-l: &l\n  gone: 1\n  fine: 1\nservices:\n  web:\n    labels: {<<: *l}\n",
        None,
    ),
    "tabs and blanks at the ends of lines": (
        "services:\n  web:   \n    labels:\t\n      - old.x=1\t\n\n\n",
        "services:\n  web:   \n    labels:\t\n      - new.x=1\t\n\n\n",
    ),
}  # fmt: skip


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


@pytest.mark.parametrize("style", STYLES)
def test_only_the_meant_bytes_change(lint: Lint, tmp_path: Path, style: str) -> None:
    before, after = STYLES[style]
    (tmp_path / FILE).write_bytes(before.encode())
    diff = lint("--diff")
    assert (tmp_path / FILE).read_bytes() == before.encode()
    done = lint("--fix")
    assert (tmp_path / FILE).read_bytes() == (after or before).encode()
    assert done.code == (0 if after else 1), done.out
    assert ("fixed" in done.out) == bool(after)
    assert bool(diff.out) == bool(after)
    assert diff.code == 1
    again = lint("--fix")
    assert (tmp_path / FILE).read_bytes() == (after or before).encode()
    assert "fixed" not in again.out
    assert names(tmp_path) == [FILE]


def test_the_diff_can_be_applied(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose("old.x=1", "fine=1", "gone=1"))
    diff = lint("--diff").out.replace(" (now)", "").replace(" (fixed)", "")
    done = subprocess.run(["patch", "-p0"], input=diff, cwd=tmp_path, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / FILE).read_text() == compose("new.x=1", "fine=1")


def test_json_has_the_diff(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose("old.x=1"))
    body = json.loads(lint("--diff", "--json").out)
    assert "-      - old.x=1\n+      - new.x=1" in body["diff"]
    assert json.loads(lint("--fix", "--json").out)["fixed"] == 1


def test_a_fix_that_does_not_help_or_breaks_the_file_is_not_written(lint: Lint, tmp_path: Path) -> None:
    text = compose("useless=1", "break=1", "old.x=1")
    (tmp_path / FILE).write_text(text)
    done = lint("--fix")
    assert (tmp_path / FILE).read_text() == text.replace("old.x", "new.x")
    assert done.code == 1
    assert done.out.splitlines()[-1].startswith("1 fixed; 2 findings in 1 file: 1 critical, 1 medium")


def test_suppressed_findings_are_not_fixed(lint: Lint, tmp_path: Path) -> None:
    text = compose("old.x=1 # edgegen: ignore[EL951] wanted")
    (tmp_path / FILE).write_text(text)
    assert lint("--fix").code == 0
    assert (tmp_path / FILE).read_text() == text


def test_a_diff_shows_no_secret(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose(f"users=me:{HASH}", "old.x=1"))
    said = lint("--diff").out
    assert "+      - new.x=1" in said
    assert HASH[12:] not in said


def test_mode_owner_and_link_stay(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "file.yml"
    real.write_text(compose("old.x=1"))
    real.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(real, 12345, 23456)
    before = real.stat()
    (tmp_path / FILE).symlink_to("real/file.yml")
    assert lint("--fix").code == 0
    after = real.stat()
    assert (tmp_path / FILE).is_symlink()
    assert real.read_text() == compose("new.x=1")
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


def test_two_projects_that_share_a_file(lint: Lint, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / FILE).write_text("include: [../shared.yaml]\nservices: {}\n")
    (tmp_path / "shared.yaml").write_text(compose("old.x=1"))
    assert lint("--fix", f"a/{FILE}", f"b/{FILE}").code == 0
    assert (tmp_path / "shared.yaml").read_text() == compose("new.x=1")


def test_a_file_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    for file in files:
        file.write_text("old")
    changes = [Rewrite(file, file.name, b"old", b"new") for file in files]
    files[1].write_text("another's")
    with pytest.raises(RefusedError, match="changed while"):
        rewrite(changes)
    assert [file.read_text() for file in files] == ["old", "another's"]
    assert names(tmp_path) == ["a", "b"]


def test_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fails with the second file: neither has changed, and no unfinished file is left."""
    files = [tmp_path / "a", tmp_path / "b"]
    for file in files:
        file.write_text("old")
    stage = edgegen.files.in_place.atomic.stage

    def failing(directory: int, name: str, *more: object, **how: object) -> object:
        if name == "b":
            raise OSError(28, "No space left on device")
        return stage(directory, name, *more, **how)

    monkeypatch.setattr(edgegen.files.in_place.atomic, "stage", failing)
    with pytest.raises(OSError, match="No space"):
        rewrite([Rewrite(file, file.name, b"old", b"new") for file in files])
    assert [file.read_text() for file in files] == ["old", "old"]
    assert names(tmp_path) == ["a", "b"]


def test_a_hard_link_is_refused(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose("old.x=1"))
    os.link(tmp_path / FILE, tmp_path / "other")
    done = lint("--fix")
    assert done.code == 3
    assert (tmp_path / "other").read_text() == compose("old.x=1")
