"""A project folder has one random name for other hosts, made once, that no clone of the repository has."""

from __future__ import annotations

from pathlib import Path

from edgegen.project.far import COPY, copy_name


def test_it_is_made_once_and_only_when_it_is_needed(tmp_path: Path) -> None:
    assert copy_name(tmp_path, make=False) == ""
    assert not (tmp_path / COPY).exists()
    made = copy_name(tmp_path, make=True)
    assert len(made) == 32
    assert copy_name(tmp_path, make=True) == copy_name(tmp_path, make=False) == made
    assert (tmp_path / COPY).stat().st_mode & 0o777 == 0o600


def test_two_folders_differ(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    assert copy_name(tmp_path / "a", make=True) != copy_name(tmp_path / "b", make=True)


def test_what_is_no_name_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / ".edgegen").mkdir(mode=0o700)
    (tmp_path / COPY).write_text("half")
    assert len(copy_name(tmp_path, make=True)) == 32
