"""Two edgegens at once: a password that is shown is one that opens the registry."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import LockedError
from edgegen.files import read_project_file
from edgegen.project.compare import diff_on_disk
from edgegen.project.registry import find_registry, set_password
from edgegen.project.render import Prepared, prepare, write
from edgegen.secrets.htpasswd import Users

SPEC = """\
name: a
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
"""


def ready(project: Path) -> Prepared:
    return prepare(project, None, environ={})


def tree(project: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def test_who_comes_second_shows_no_password_and_changes_nothing(project: Path) -> None:
    first, second = ready(project), ready(project)
    write(project, first)
    before = tree(project)
    with pytest.raises(LockedError, match="at the same time"):
        write(project, second)
    assert {**tree(project), **before} == tree(project) == before
    write(project, ready(project))


@pytest.mark.slow
def test_a_password_that_was_changed_meanwhile_is_kept(project: Path) -> None:
    write(project, ready(project))
    (project / "edge.yaml").write_text(SPEC.replace("[ci]", "[ci, ann]"))
    slow = ready(project)
    set_password(project, find_registry(project, None, None), "ci", None, new=False)
    changed = read_project_file(project, "registry-hub/htpasswd")
    with pytest.raises(LockedError):
        write(project, slow)
    assert read_project_file(project, "registry-hub/htpasswd") == changed
    write(project, ready(project))
    users = Users.parse(read_project_file(project, "registry-hub/htpasswd") or b"", "htpasswd")
    assert set(users.hashes) == {"ci", "ann"}


def test_users_that_are_added_are_said_to_be(project: Path) -> None:
    write(project, ready(project))
    (project / "edge.yaml").write_text(SPEC.replace("[ci]", "[ci, ann]"))
    prepared = ready(project)
    assert "registry-hub/htpasswd: lacks users that the spec names\n" in diff_on_disk(project, prepared)
    assert "registry-hub/htpasswd" in write(project, prepared).written
    assert diff_on_disk(project, ready(project)) == ""
