"""Variables from the outside: what `render` says, what `up` refuses, and where values come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Edgegen
from tests.lab.parsers import COMPOSE

SPEC = """\
name: a
edge: {use: other}
x-shared: &shared {TZ: "${TZ:-UTC}"}
services:
  web:
    image: "ghcr.io/acme/web:${TAG:?say which one}"
    environment: {<<: *shared, PRICE: "$5", PASSWORD: "p$word", TWO: "$$2", SOFT: "${SOFT-}", HARD: "${HARD?}"}
    ports: ["127.0.0.1:${PORT:-3000}:3000"]
    volumes: ["${DATA:-./data}:/data:ro"]
    command: ["serve", "${MODE}", "${SET:+--set}"]
environments:
  dev: {services: {web: {image: "web:${TAG:-dev}", environment: {HARD: "soft"}, volumes: ["${CODE:-.}/src:/data"]}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def service(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((project / "docker-compose.yml").read_text())["services"]["web"]
    return found


def test_variables_stand_in_the_file_and_no_value_does(edgegen: Edgegen, project: Path) -> None:
    (project / ".env").write_text("TAG=a-secret-tag\nHARD=\n")
    done = edgegen("render", cwd=project, env={"MODE": "a-secret-mode", "word": "x"})
    assert (done.code, done.err.count("warning")) == (0, 0), done.err
    found = service(project)
    assert found["image"] == "ghcr.io/acme/web:${TAG:?say which one}"
    assert found["environment"] == {
        "TZ": "${TZ:-UTC}", "PRICE": "$$5", "PASSWORD": "p$word", "TWO": "$$2", "SOFT": "${SOFT-}", "HARD": "${HARD?}",
    }  # fmt: skip
    assert found["ports"] == ["127.0.0.1:${PORT:-3000}:3000"]
    assert found["volumes"] == ["${DATA:-./data}:/data:ro"]
    assert found["command"] == ["serve", "${MODE}", "${SET:+--set}"]
    assert "a-secret" not in "".join(path.read_text() for path in project.rglob("*.yml"))


def test_render_says_which_variables_have_no_value_and_where(edgegen: Edgegen, project: Path) -> None:
    (project / ".env").write_text("TAG=\n")
    done = edgegen("render", cwd=project)
    assert done.code == 0
    said = [line.removeprefix("warning: ") for line in done.err.splitlines() if line.startswith("warning")]
    assert [line.partition(": ")[0] for line in said] == [
        "edge.yaml:6:12 services.web.image",
        "edge.yaml:7:101 services.web.environment.HARD",
        "edge.yaml:7:55 services.web.environment.PASSWORD",
        "edge.yaml:10:24 services.web.command[1]",
    ]
    assert (
        "the required variable TAG is empty, or set neither in the environment nor in `.env` (say which one)" in said[0]
    )
    assert "can't check whether this image is pinned" in said[0]
    assert "the required variable HARD is set neither" in said[1]
    assert "environment.PASSWORD: Compose takes a `$` in this value for a variable, which has no value" in said[2]
    assert "word" not in said[2].partition("PASSWORD: ")[2], "a part of a password"
    assert "Compose puts nothing in its place" in said[3]
    # Where the word is not meant as a variable, as in the hash of a password, it may be a plain dollar sign.
    assert ["or a plain dollar sign write `$$`" in line for line in said] == [False, False, True, True]


def test_render_says_so_in_json_too(edgegen: Edgegen, project: Path) -> None:
    done = edgegen("render", "--json", cwd=project)
    assert done.code == 0
    assert any("TAG" in line for line in json.loads(done.out)["warnings"])


@pytest.mark.parametrize("words", [("up",), ("up", "--dry-run"), ("up", "--json")])
def test_up_refuses_before_anything_is_written(edgegen: Edgegen, project: Path, words: tuple[str, ...]) -> None:
    done = edgegen(*words, cwd=project, env={"TAG": "1"})
    assert done.code == 3
    assert "edge.yaml:7:101 services.web.environment.HARD: the required variable HARD" in done.err + done.out
    assert "TAG" not in done.err + done.out
    assert not (project / "docker-compose.yml").exists()


def test_an_environment_has_variables_of_its_own(edgegen: Edgegen, project: Path) -> None:
    done = edgegen("render", "-e", "dev", cwd=project, env={"MODE": "x", "word": "x"})
    assert (done.code, "warning" in done.err) == (0, False), done.err
    found = service(project)
    assert (found["image"], found["volumes"]) == ("web:${TAG:-dev}", ["${CODE:-.}/src:/data"])


def test_the_rules_judge_the_values(edgegen: Edgegen, project: Path) -> None:
    known = {"HARD": "", "MODE": "x", "word": "x"}
    done = edgegen("render", cwd=project, env={**known, "TAG": "latest"})
    assert "edge.yaml:6:12 services.web.image: ER015 `ghcr.io/acme/web:latest` is not pinned" in done.err
    done = edgegen("render", cwd=project, env={**known, "TAG": "1", "DATA": "./secrets"})
    assert done.code == 0  # no file there yet
    (project / "secrets").mkdir(exist_ok=True)
    (project / "secrets/key").write_text("x")
    done = edgegen("render", cwd=project, env={**known, "TAG": "1", "DATA": "./secrets"})
    assert done.code == 2
    assert "edge.yaml:9:15 services.web.volumes[0]: ER029 the mount of `./secrets` shows secret files" in done.err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "PORT",
            "80a0-secret",
            "edge.yaml:8:13 services.web.ports[0]: `127.0.0.1:${PORT:-3000}:3000` is not a port mapping",
        ),
        (
            "TAG",
            "a b-secret",
            "edge.yaml:6:12 services.web.image: `ghcr.io/acme/web:${TAG:?say which one}` is not an image",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_not_shown(
    edgegen: Edgegen, project: Path, name: str, value: str, said: str
) -> None:
    done = edgegen("render", cwd=project, env={"TAG": "1", "HARD": "1", name: value})
    assert done.code == 2
    assert said in done.err
    assert f"with the value that {name} has now" in done.err
    assert "secret" not in done.err


def test_a_secret_comes_from_the_environment_then_from_the_file(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text("name: a\nsecrets: {one: {env: ONE}, two: {env: TWO}}\n")
    done = edgegen("render", cwd=tmp_path)
    assert done.code == 2
    assert "neither in the environment nor in `.env`" in done.err
    (tmp_path / ".env").write_text("ONE=of the file\nTWO='a$b ${X}'\n")
    assert edgegen("render", cwd=tmp_path, env={"ONE": "of the system"}).code == 0
    assert (tmp_path / "secrets/one").read_text() == "of the system"
    assert (tmp_path / "secrets/two").read_text() == "a$b ${X}"


def test_a_broken_env_file_is_told_with_its_line_where_it_is_needed(edgegen: Edgegen, project: Path) -> None:
    (project / ".env").write_text("TAG=1\nHARD='secret\n")
    done = edgegen("render", cwd=project)
    assert done.code == 2
    assert ".env:2:6: the quote that begins here is never closed" in done.err
    assert "secret" not in done.err
    (project / "edge.yaml").write_text("name: a\n")
    assert edgegen("render", cwd=project).code == 0


def test_a_folder_named_like_it_is_passed_by(edgegen: Edgegen, project: Path) -> None:
    (project / ".env").mkdir()
    assert edgegen("render", cwd=project, env={"TAG": "1", "HARD": "1"}).code == 0


@pytest.mark.quick(1)
@pytest.mark.parametrize("name", ["COMPOSE_ENV_FILES", "COMPOSE_DISABLE_ENV_FILE"])
def test_compose_looks_where_edgegen_has_looked(edgegen: Edgegen, project: Path, name: str) -> None:
    env = {"TAG": "1", "HARD": "1", name: "1"}
    done = edgegen("up", "--dry-run", cwd=project, env=env)
    assert "--env-file /dev/null" in done.out
    (project / ".env").write_text("")
    done = edgegen("up", "--dry-run", cwd=project, env=env)
    assert "--env-file .env" in done.out
    assert "--env-file" not in edgegen("up", "--dry-run", cwd=project, env={"TAG": "1", "HARD": "1"}).out


def test_a_dry_run_names_what_would_be_made(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(
        "name: a\nedge: {use: o}\nvolumes: {v: {external: true, name: '${STAGE:-dev}_v'}}\n"
        "services: {w: {image: 'w:1', volumes: ['v:/v']}}\n"
    )
    assert "volume create dev_v" in edgegen("up", "--dry-run", cwd=tmp_path).out
    assert "volume create live_v" in edgegen("up", "--dry-run", cwd=tmp_path, env={"STAGE": "live"}).out


def test_compose_reads_the_values_that_edgegen_has_seen(edgegen: Edgegen, project: Path) -> None:
    import subprocess

    (project / ".env").write_text("TAG=7\nHARD=h\nMODE='$x'\nword=word\n")
    assert edgegen("render", cwd=project).code == 0
    done = subprocess.run(
        [str(COMPOSE), "config", "--format", "json"], cwd=project, env={"PATH": "/usr/bin:/bin", "PORT": "81"},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    found = json.loads(done.stdout)["services"]["web"]
    assert (found["image"], found["ports"][0]["published"]) == ("ghcr.io/acme/web:7", "81")
    assert found["environment"]["PASSWORD"] == "pword"
    assert found["command"] == ["serve", "$$x", ""]
    assert done.stderr == ""


def test_a_value_that_is_no_text_is_named_with_what_to_do(edgegen: Edgegen, project: Path) -> None:
    (project / ".env").write_bytes(b"# caf\xe9\nTAG=1\nHARD=caf\xe9\n")
    done = edgegen("render", cwd=project)
    assert done.code == 2
    assert "edge.yaml:7:101 services.web.environment.HARD: the value that HARD has now is not UTF-8 text" in done.err
    assert "If `.env` has it, save that as UTF-8" in done.err
