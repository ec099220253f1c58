"""A mounted file that is missing becomes a folder, which `up` does not let happen in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.deploy.bind_mounts import left_folders, missing_files
from edgegen.deploy.model import HostFile

WEB = "services.web"


@pytest.mark.parametrize("name", ["nginx.conf", "prometheus.yml", ".env", "init.SQL", ".htpasswd", "certs/site.pem"])
def test_a_missing_file(tmp_path: Path, name: str) -> None:
    file = HostFile(WEB, str(tmp_path / name))
    (problem,) = missing_files([file], tmp_path)
    assert (problem.path, problem.message) == (
        WEB,
        f"mounts {file.source}, which does not exist: the engine would make an empty folder of it",
    )
    Path(file.source).parent.mkdir(exist_ok=True)
    Path(file.source).touch()
    assert [*missing_files([file], tmp_path), *left_folders([file], tmp_path)] == []


@pytest.mark.parametrize("name", ["data", "conf.d", "example.com", "v1.2", "run/docker.sock", ".cache", "html"])
def test_folders_are_made_as_ever(tmp_path: Path, name: str) -> None:
    file = HostFile(WEB, str(tmp_path / name))
    assert list(missing_files([file], tmp_path)) == []
    Path(file.source).mkdir(parents=True)
    assert list(left_folders([file], tmp_path)) == []


@pytest.mark.parametrize("owner", ["secrets.key", "configs.page"])
def test_of_secrets_and_configs_compose_speaks(tmp_path: Path, owner: str) -> None:
    assert list(missing_files([HostFile(owner, str(tmp_path / "page.json"))], tmp_path)) == []


def test_a_folder_that_docker_has_made(tmp_path: Path) -> None:
    folder = tmp_path / "nginx.conf"
    folder.mkdir()
    file = HostFile(WEB, str(folder))
    assert list(missing_files([file], tmp_path)) == []
    (notice,) = left_folders([file], tmp_path)
    assert f"{WEB} mounts {folder}, which is an empty folder" in notice
    (folder / "default.conf").touch()
    assert list(left_folders([file], tmp_path)) == []


def test_what_nobody_may_see_is_not_missing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    hidden = HostFile(WEB, str(tmp_path / "file" / "nginx.conf"))  # below a file: ENOTDIR, as unseen as EACCES
    assert [*missing_files([hidden], tmp_path), *left_folders([hidden], tmp_path)] == []


def test_a_link_that_leads_nowhere_is_the_users(tmp_path: Path) -> None:
    (tmp_path / "nginx.conf").symlink_to(tmp_path / "gone")
    assert list(missing_files([HostFile(WEB, str(tmp_path / "nginx.conf"))], tmp_path)) == []


def test_the_rest_of_the_host_may_be_out_of_sight(tmp_path: Path) -> None:
    """edgegen in a container sees the project's folder, and the engine sees the host."""
    assert list(missing_files([HostFile(WEB, "/srv/nowhere/app.conf")], tmp_path)) == []


def test_a_folder_that_is_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("real", "link"):
        assert list(missing_files([HostFile(WEB, str(tmp_path / name / "app.conf"))], tmp_path / "link"))
