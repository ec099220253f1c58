"""What git tracks is read from its index as git itself lists it, in every form that git writes."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from edgegen.lint.reader import repository
from edgegen.lint.reader.disk import FolderDisk
from edgegen.lint.reader.git_index import BadIndexError, tracked_names

QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": "/nonexistent",
         "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a",
         "GIT_COMMITTER_EMAIL": "a@b"}  # fmt: skip
NAMES = ("a", "acme.json", "acme/acme.json", "deep/" * 12 + "x", "with space", "ünï", "n" * 240, "zz/last")


def git(folder: Path, *words: str) -> bytes:
    done = subprocess.run(["git", *words], cwd=folder, env={**os.environ, **QUIET}, capture_output=True, check=True)
    return done.stdout


def filled(folder: Path, *init: str) -> Path:
    folder.mkdir()
    git(folder, "init", "-q", *init)
    for name in NAMES:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    git(folder, "add", "-A")
    (folder / "left-out").write_text("x")
    return folder


def listed(folder: Path) -> set[bytes]:
    return set(git(folder, "ls-files", "-z").split(b"\0")) - {b""}


@pytest.mark.parametrize("version", [2, 3, 4])
@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_every_version_is_read_as_git_lists_it(tmp_path: Path, version: int, form: str) -> None:
    top = filled(tmp_path / "r", f"--object-format={form}")
    if version == 3:
        git(top, "add", "-N", "left-out")  # only an extended flag makes it a version 3
    else:
        git(top, "update-index", f"--index-version={version}")
    content = (top / ".git/index").read_bytes()
    assert content[7] == version
    assert tracked_names(content) == listed(top)
    assert len(listed(top)) == len(NAMES) + (version == 3)


def test_files_are_known_by_their_place(tmp_path: Path) -> None:
    top = filled(tmp_path / "r")
    (top / "linked").symlink_to(top / "acme")
    disk = FolderDisk(top / "acme")
    assert disk.tracked("acme.json") is True
    assert disk.tracked("../with space") is True
    assert disk.tracked("../linked/acme.json") is True
    assert disk.tracked("../left-out") is False
    assert disk.tracked("other.json") is False
    assert disk.tracked(str(top / "a")) is True


@pytest.mark.slow
def test_a_second_working_tree_and_a_submodule_have_an_index_of_their_own(tmp_path: Path) -> None:
    top = filled(tmp_path / "r")
    git(top, "commit", "-qm", "x")
    git(top, "worktree", "add", "-q", str(tmp_path / "second"))
    git(tmp_path / "second", "rm", "-q", "--cached", "acme.json")
    assert FolderDisk(tmp_path / "second").tracked("acme.json") is False
    assert FolderDisk(tmp_path / "second").tracked("a") is True
    outer = filled(tmp_path / "outer")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(top), "inner")
    assert FolderDisk(outer).tracked("inner/acme.json") is True
    assert FolderDisk(outer).tracked("inner/left-out") is False


def test_what_can_not_be_seen_whole_has_no_answer(tmp_path: Path) -> None:
    assert FolderDisk(tmp_path).tracked("a") is None
    top = filled(tmp_path / "r")
    git(top, "update-index", "--split-index")
    assert FolderDisk(top).tracked("a") is None
    (top / ".git/index").write_bytes(b"DIRC\0\0\0\x02")
    assert FolderDisk(top).tracked("a") is None
    (top / ".git/index").unlink()
    assert FolderDisk(top).tracked("a") is None
    assert FolderDisk(top).tracked("a\0b") is None


def test_a_huge_index_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = filled(tmp_path / "r")
    monkeypatch.setattr(repository, "_LIMIT", 100)
    assert FolderDisk(top).tracked("a") is None


def test_damaged_indexes_are_refused_and_nothing_else(tmp_path: Path) -> None:
    content = (filled(tmp_path / "r") / ".git/index").read_bytes()
    chance = random.Random(7)
    refused = 0
    for _ in range(500):
        damaged = bytearray(content[: chance.randrange(len(content))] if chance.random() < 0.5 else content)
        for _ in range(chance.randrange(1, 6)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            tracked_names(bytes(damaged))
        except BadIndexError:
            refused += 1
    assert refused > 250
