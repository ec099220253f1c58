"""A password is shown once: where nobody could see it, that is an error which says how to get another."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from tests.cli.test_registry import hashes, logs_in
from tests.fakes.docker_cli import FakeDocker, a_healthy_world
from tests.sizes import sized
from tests.zygote import ZYGOTE

pytestmark = pytest.mark.slow

ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
TWO = (
    "name: a\nservices:\n  one: {kind: registry, host: one.shop.example, users: [ci]}\n"
    "  two: {kind: registry, host: two.shop.example, users: [ci]}\n"
    "edge: {dashboard: {host: d.shop.example, users: [me]}}\n"
)


def edgegen(words: Sequence[str], cwd: Path, shell: str = "") -> tuple[int, str]:
    """Exit code and stderr of a run; `shell` is what a shell does with its standard output."""
    if not shell:
        ran = ZYGOTE.run(words, env=ENVIRONMENT, cwd=cwd)
        return ran.code, ran.err
    script = f'exec "$0" -m edgegen "$@" {shell}'  # a closed stream is a matter of the start
    done = subprocess.run(
        ["bash", "-c", script, sys.executable, *words], cwd=cwd, env=ENVIRONMENT, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def into(stream: int, words: Sequence[str], cwd: Path) -> tuple[int, str]:
    """The same with this as its standard output, which is closed here afterwards."""
    with Path(os.devnull).open("rb") as nothing, TemporaryFile() as err:
        code = ZYGOTE.run_on([nothing.fileno(), stream, err.fileno()], words, env=ENVIRONMENT, cwd=cwd)
        os.close(stream)
        err.seek(0)
        return code, err.read().decode()


def broken_pipe(words: Sequence[str], cwd: Path) -> tuple[int, str]:
    """Into a pipe that nobody reads."""
    read, write = os.pipe()
    os.close(read)
    return into(write, words, cwd)


Run = Callable[[Sequence[str], Path], tuple[int, str]]
UNSEEN: dict[str, Run] = {
    "a full disk": lambda words, cwd: into(os.open("/dev/full", os.O_WRONLY), words, cwd),
    "closed": lambda words, cwd: edgegen(words, cwd, ">&-"),
    "a reader who has left": broken_pipe,
    "opened for reading": lambda words, cwd: into(os.open("/dev/null", os.O_RDONLY), words, cwd),
}


def in_turn(*forms: list[str]) -> list[tuple[str, list[str]]]:
    """Each way with one of the forms, in turn; in the proof with each of them."""
    return sized(
        [*zip(UNSEEN, itertools.cycle(forms), strict=False)], [(way, form) for way in UNSEEN for form in forms]
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert edgegen(["init", "registry", "commenthouse.com", "-q"], tmp_path) == (0, "")
    return tmp_path


@pytest.mark.parametrize(("way", "form"), in_turn(["-q"], ["--json"]))
def test_passwd(project: Path, way: str, form: list[str]) -> None:
    before = hashes(project)["ci"]
    code, err = UNSEEN[way](["registry", "user", "passwd", "ci", *form], project)
    assert code == 7, err
    assert "error[7]: the new password of ci (registry) is set, but could not be shown (" in err
    assert "Run `edgegen registry user passwd ci` to set another" in err
    assert hashes(project)["ci"] != before
    assert edgegen(["render", "--check"], project) == (0, "")
    done = ZYGOTE.run(["registry", "user", "passwd", "ci", "--json"], cwd=project, env=ENVIRONMENT)
    assert done.code == 0
    (made,) = json.loads(done.out)["credentials"]
    assert logs_in(project, "ci", made["password"])


@pytest.mark.parametrize(("way", "form"), in_turn(["--json"], []))
def test_init(tmp_path: Path, way: str, form: list[str]) -> None:
    code, err = UNSEEN[way](["init", "registry", "commenthouse.com", "--user", "ci", "--user", "bob", *form], tmp_path)
    assert code == 7, err
    for user in ("ci", "bob"):
        assert f"Run `edgegen registry user passwd {user}` to set another" in err
    assert set(hashes(tmp_path)) == {"ci", "bob"}
    assert edgegen(["render", "--check"], tmp_path) == (0, "")


@pytest.mark.parametrize(("way", "form"), in_turn([], ["--json"]))
def test_render(tmp_path: Path, way: str, form: list[str]) -> None:
    (tmp_path / "edge.yaml").write_text(TWO)
    code, err = UNSEEN[way](["render", *form], tmp_path)
    assert code == 7, err
    for name in ("one", "two"):
        assert f"Run `edgegen registry user passwd ci --service {name}` to set another" in err
    assert "Delete the line of me in traefik/auth/htpasswd and run `edgegen render`, which sets another" in err
    assert edgegen(["render", "--check"], tmp_path) == (0, "")


def test_the_way_out_of_a_lost_password_of_the_dashboard(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(TWO)
    assert edgegen(["render"], tmp_path, "> /dev/full")[0] == 7
    (file,) = [path for path in tmp_path.rglob("htpasswd") if path.read_text().startswith("me:")]
    file.write_text("")
    done = ZYGOTE.run(["render"], cwd=tmp_path, env=ENVIRONMENT)
    assert done.code == 0
    assert "dashboard: user me, password " in done.out


@pytest.mark.parametrize("way", ["closed", "a reader who has left"])
def test_where_no_password_is_shown_a_reader_may_leave(project: Path, way: str) -> None:
    for words in (["registry", "user", "list"], ["render"], ["render", "--stdout"], ["registry", "user", "rm", "ci"]):
        assert UNSEEN[way]([*words, "-q"], project)[0] == 0, words


def test_who_throws_it_away_has_said_so(project: Path) -> None:
    assert edgegen(["registry", "user", "passwd", "ci", "-q"], project, "> /dev/null") == (0, "")


@pytest.mark.parametrize("words", [[], ["-q"]], ids=["plain", "quiet"])
def test_up_shows_passwords_on_stderr(tmp_path: Path, words: list[str]) -> None:
    """There nobody can read the way out; the exit code says it, and nothing was started."""
    (tmp_path / "edge.yaml").write_text(TWO)
    (tmp_path / "bin").mkdir()
    fake = FakeDocker(tmp_path / "bin")
    a_healthy_world(fake)
    script = 'exec "$0" -m edgegen "$@" 2> /dev/full'
    done = subprocess.run(
        ["/bin/bash", "-c", script, sys.executable, "up", *words], cwd=tmp_path, check=False, timeout=60,
        env={**ENVIRONMENT, "PATH": str(tmp_path / "bin")}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (7, "")
    assert fake.called("up -d") == []
