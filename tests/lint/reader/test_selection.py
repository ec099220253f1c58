"""Which files are which projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.lint.reader import disk
from edgegen.lint.reader.disk import FolderDisk
from edgegen.lint.reader.selection import Selected, named, one, taken
from edgegen.project.lint import projects
from edgegen.system.read import read_bounded

SERVICES = "services: {a: {image: x}}\n"
TRAEFIK = "services: {a: {image: traefik}}\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    for name in ("compose.yaml", "compose.override.yml", "docker-compose.yml", "prod.yml", "docker-stack.yml",
                 "sub/docker-compose.yml", "deep/er/empty.txt", "two/a.yml", "two/a.override.yml",
                 "two/b.yaml"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(SERVICES)
    (tmp_path / "two/traefik.yml").write_text("entryPoints: {web: {address: ':80'}}\n")
    (tmp_path / "two/dynamic.toml").write_text("[http]\n")
    (tmp_path / "two/edge.yml").write_text("services:\n  t:\n    image: traefik:v3\n")
    return tmp_path


def test_what_compose_takes_and_each_stack_file(here: Path) -> None:
    assert taken(here, {}) == [
        Selected("", ("compose.yaml", "compose.override.yml")),
        Selected("", ("docker-stack.yml",)),
    ]


def test_the_nearest_folder_above(here: Path) -> None:
    assert taken(here / "deep" / "er", {}) == [Selected("../..", ("compose.yaml", "compose.override.yml"))]


def test_what_a_variable_names(here: Path) -> None:
    assert taken(here, {"COMPOSE_FILE": "docker-compose.yml:prod.yml"}) == [
        Selected("", ("docker-compose.yml", "prod.yml"))
    ]
    (here / ".env").write_text("COMPOSE_FILE=sub/docker-compose.yml;prod.yml\nCOMPOSE_PATH_SEPARATOR=;\n")
    told = {"COMPOSE_FILE": "sub/docker-compose.yml;prod.yml", "COMPOSE_PATH_SEPARATOR": ";"}
    assert taken(here, {}) == [Selected("sub", ("docker-compose.yml", "../prod.yml"), told)]


def test_the_variables_of_the_folder_where_compose_is_started(here: Path) -> None:
    """They count before those of the project's own `.env`, which the project reads itself."""
    (here / ".env").write_text("A=above\n")
    (here / "deep" / "er" / ".env").write_text("A=deep\nB=$A\nC=\n")
    assert taken(here, {})[0].values == {}
    assert taken(here / "deep" / "er", {"C": "shell"})[0].values == {"A": "deep", "B": "deep"}


@pytest.mark.parametrize("names", [[], ["two/edge.yml", "two/traefik.yml", "."]])
def test_every_file_is_read_once(here: Path, monkeypatch: pytest.MonkeyPatch, names: list[str]) -> None:
    """A file that changes between two reads would be half the old and half the new one."""
    read: list[str] = []

    def counted(path: Path, limit: int) -> bytes:
        read.append(str(path))
        return read_bounded(path, limit)

    (here / ".env").write_text("COMPOSE_FILE=compose.yaml:prod.yml\nPASSWORD=p$$word\n")
    (here / "compose.yaml").write_text("include: [sub/docker-compose.yml, {path: two/b.yaml, env_file: .env}]\n")
    monkeypatch.setattr(disk, "read_bounded", counted)
    monkeypatch.chdir(here)
    assert projects(names, [], Path())[-1].services
    assert len(read) == len(set(read))
    assert {".env", "compose.yaml"} <= set(read)


def test_disks_that_share_their_reads_see_one_state(here: Path) -> None:
    """The planted fault: without sharing, the second one sees the change."""
    reads: disk.Reads = {}
    first, second, alone = FolderDisk(here, reads=reads), FolderDisk(here / "sub", reads=reads), FolderDisk(here)
    before = first.read("prod.yml")
    (here / "prod.yml").write_text("services: {}\n")
    assert before == second.read("../prod.yml") == SERVICES.encode()
    assert alone.read("prod.yml") == b"services: {}\n"
    assert second.read("../prod.yml", 5) is None


def test_nothing(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    assert taken(tmp_path / "x", {}, shown="x") == []


def test_files_together_are_one_project_in_the_first_one_s_folder() -> None:
    assert one(["a/x.yml", "b/y.yml", "z.yml"]) == Selected("a", ("x.yml", "../b/y.yml", "../z.yml"))


def test_named_files_are_projects_of_their_own(here: Path) -> None:
    assert named(["compose.yaml", "sub/docker-compose.yml", "prod.yml", "compose.yaml"], here) == [
        Selected("", ("compose.yaml",)),
        Selected("", ("prod.yml",)),
        Selected("sub", ("docker-compose.yml",)),
    ]


def test_an_override_joins_its_base(here: Path) -> None:
    assert named(["two/a.override.yml", "two/b.yaml", "two/a.yml"], here) == [
        Selected("two", ("b.yaml",)),
        Selected("two", ("a.yml", "a.override.yml")),
    ]
    assert named(["two/a.override.yml"], here) == [Selected("two", ("a.override.yml",))]


def test_traefiks_own_files_belong_to_the_traefik_of_their_folder(here: Path) -> None:
    assert named(["two/traefik.yml", "two/a.yml", "two/edge.yml", "two/dynamic.toml"], here) == [
        Selected("two", ("a.yml",)),
        Selected("two", ("edge.yml", "traefik.yml", "dynamic.toml")),
    ]
    assert named(["two/traefik.yml", "two/dynamic.toml"], here) == [Selected("two", ("traefik.yml", "dynamic.toml"))]


def test_a_folder_is_what_compose_takes_there(here: Path) -> None:
    assert named(["sub"], here) == [Selected("sub", ("docker-compose.yml",))]
    assert named(["deep"], here) == []
