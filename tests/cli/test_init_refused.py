"""A refused, failed or interrupted `init` leaves everything as it was."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from edgegen.files import lock
from tests.conftest import Edgegen

pytestmark = pytest.mark.slow

INIT = ("init", "registry", "commenthouse.com")
Tree = dict[str, tuple[int, bytes]]


def tree(folder: Path) -> Tree:
    """Every file and folder below: its mode and what it holds."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }


def existing_compose(folder: Path) -> None:
    (folder / "docker-compose.yml").write_text("services: {}\n")
    (folder / ".gitignore").write_text("mine\n")


def existing_spec(folder: Path) -> None:
    (folder / "edge.yaml").write_text("name: mine\n")


def a_link(folder: Path) -> None:
    (folder / "traefik").symlink_to("/nonexistent")


def a_folder_in_the_way(folder: Path) -> None:
    (folder / "docker-compose.yml").mkdir()


@pytest.mark.parametrize("there", [existing_compose, existing_spec, a_link, a_folder_in_the_way])
def test_refused_by_what_is_there(edgegen: Edgegen, tmp_path: Path, there: Callable[[Path], None]) -> None:
    there(tmp_path)
    before = {path.name: path.lstat().st_mode for path in tmp_path.iterdir()}
    contents = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    done = edgegen(*INIT, cwd=tmp_path)
    assert done.code in (2, 3, 7), done
    assert {path.name: path.lstat().st_mode for path in tmp_path.iterdir()} == before
    assert {path: path.read_bytes() for path in contents} == contents


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--email", "nonsense"], "error[2]: --email: `nonsense` is not an e-mail address"),
        (["--address", "192.0.2.1", "--address", "192.0.2"], "error[2]: --address: `192.0.2` is not an IP address"),
        (["--user", "ci", "--user", "a b"], "error[2]: --user: `a b` is not a usable user name"),
        (["-e", "dev"], "error[2]: there is no environment `dev`"),
    ],
)
def test_a_wrong_answer_names_its_option(edgegen: Edgegen, tmp_path: Path, words: list[str], said: str) -> None:
    done = edgegen(*INIT, *words, cwd=tmp_path)
    assert done.code == 2
    assert said in done.err
    assert "edge.yaml" not in done.err
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("words", [["init", "web", "www.example.com"], ["add", "whoami", "who.commenthouse.com"]])
def test_a_user_of_a_template_without_a_registry(edgegen: Edgegen, tmp_path: Path, words: list[str]) -> None:
    if words[0] == "add":
        assert edgegen(*INIT, cwd=tmp_path).code == 0
    before = tree(tmp_path)
    done = edgegen(*words, "--user", "bob", cwd=tmp_path)
    assert done.code == 2
    assert done.err == (
        f"error[2]: --user is for registries, and the template `{words[1]}` has none. "
        "For basic auth: `edgegen auth add USER --service NAME`\n"
    )
    assert tree(tmp_path) == before


def test_a_secret_that_is_missing_leaves_no_folder(edgegen: Edgegen, tmp_path: Path) -> None:
    done = edgegen(*INIT, "--dir", "a/b/c", "-e", "nowhere", cwd=tmp_path)
    assert done.code != 0
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_folder_should_be(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    for place in ("a", "a/b"):
        done = edgegen(*INIT, "--dir", place, cwd=tmp_path)
        assert (done.code, "can't create the folder" in done.err) == (7, True), done
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_locked_by_another_edgegen(edgegen: Edgegen, tmp_path: Path) -> None:
    with lock(tmp_path):
        before = sorted(tree(tmp_path))
        assert edgegen(*INIT, cwd=tmp_path).code == 6
        assert sorted(tree(tmp_path)) == before


def limited(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`init` on a disk that takes no file over 16 KiB, as the schema is."""
    return subprocess.run(
        [sys.executable, "-m", "edgegen", *INIT, *words], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384)),
    )  # fmt: skip


def test_a_full_disk(tmp_path: Path) -> None:
    done = limited(tmp_path, "--dir", "a/b")
    assert done.returncode == 7, done.stderr
    assert "password" not in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_with_force_gives_back_what_was_there(edgegen: Edgegen, tmp_path: Path) -> None:
    assert edgegen("init", "web", "other.example.com", cwd=tmp_path).code == 0
    (tmp_path / ".edgegen/schema.json").write_text("{}")
    (tmp_path / ".gitignore").write_text("mine\n")
    before = tree(tmp_path)
    done = limited(tmp_path, "--force")
    assert done.returncode == 7, done.stderr
    assert tree(tmp_path) == before


STOPPED = """
import os, signal, sys
import edgegen.project.init as init
own = init.write
def write(*words, **options):
    own(*words, **options)
    assert os.path.exists(sys.argv[2] + "/registry/htpasswd")
    os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    signal.pause()
init.write = write
from edgegen.cli.app import run
sys.exit(run(["init", "registry", "commenthouse.com", "--dir", sys.argv[2]]))
"""


@pytest.mark.parametrize(("name", "code", "how"), [("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "terminated")])
def test_interrupted(tmp_path: Path, name: str, code: int, how: str) -> None:
    words = [sys.executable, "-c", STOPPED, name, str(tmp_path / "a/b")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (code, f"{how}: nothing was left behind")
    assert list(tmp_path.iterdir()) == []
