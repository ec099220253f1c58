"""Which mounts are copied, which are the other host's own, which are refused; and the project with its paths there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import RefusedError
from edgegen.deploy.remote import cargo
from edgegen.deploy.remote.cargo import load
from edgegen.deploy.remote.mounts import Mount, mounted_build_secrets, mounts, refusals, relocated
from tests.lab.parts import program

ROOT = "/home/me/shop"
HOST = "ssh://me@there"


def bind(source: str, target: str = "/x", **options: Any) -> dict[str, Any]:
    return {"type": "bind", "source": source, "target": target, **options}


def project(*volumes: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"services": {"web": {"volumes": list(volumes)}}, **rest}


def test_what_the_engine_opens() -> None:
    resolved = project(
        bind(f"{ROOT}/a$$b", "/a", read_only=True), bind("/home/me/zzz", "/z"),
        {"type": "volume", "source": "v", "target": "/v"},
        secrets={"one": {"file": f"{ROOT}/secrets/one"}, "two": {"environment": "TWO"}},
        configs={"page": {"file": f"{ROOT}/page.html"}, "said": {"content": "x"}},
    )  # fmt: skip
    written = project(
        bind("~/zzz", "/z"), bind("./a$$b", "/a"),
        secrets={"one": {"file": "./secrets/one"}}, configs={"page": {"file": "page.html"}},
    )  # fmt: skip
    assert list(mounts(resolved, written)) == [
        Mount("services.web", f"{ROOT}/a$b", "./a$b", True),
        Mount("services.web", "/home/me/zzz", "~/zzz", False),
        Mount("secrets.one", f"{ROOT}/secrets/one", "./secrets/one"),
        Mount("configs.page", f"{ROOT}/page.html", "page.html"),
    ]


@pytest.mark.parametrize(
    ("source", "written", "read_only", "said"),
    [
        (f"{ROOT}/code", "./code", True, ""),
        (f"{ROOT}/code", "./code", False, "may write to ./code"),
        (f"{ROOT}/acme", "./acme", False, ""),
        (f"{ROOT}/acme/acme.json", "./acme/acme.json", False, ""),
        (f"{ROOT}/acme/other", "./acme/other", False, "may write to"),
        (f"{ROOT}", ".", True, "the whole project folder"),
        (f"{ROOT}2/x", "../shop2/x", True, "uses ../shop2/x, which is outside the project folder"),
        ("/home/me/x", "~/x", True, "uses ~/x, which is outside"),
        ("/srv/data", "/srv/data", False, ""),
        ("/var/run/docker.sock", "/var/run/docker.sock", True, ""),
    ],
)
def test_what_can_not_be_right_there(source: str, written: str, read_only: bool, said: str) -> None:
    found = list(refusals([Mount("services.web", source, written, read_only)], ROOT, HOST))
    assert len(found) == bool(said)
    for problem in found:
        assert said in problem.message
        assert problem.path == "services.web"
        assert problem.hint


def test_a_secret_of_a_build_is_read_here() -> None:
    data = project(secrets={"npm": {"file": f"{ROOT}/npm"}, "own": {"file": f"{ROOT}/own"}})
    data["services"]["web"] |= {"build": {"secrets": [{"source": "npm"}]}, "secrets": [{"source": "own"}]}
    assert [item.owner for item in mounts(data, data)] == ["secrets.own"]
    assert list(mounted_build_secrets(data)) == []
    moved = json.loads(relocated(data, ROOT, "/there"))
    assert moved["secrets"] == {"npm": {"file": f"{ROOT}/npm"}, "own": {"file": "/there/own"}}
    data["services"]["web"]["secrets"] = [{"source": "npm"}]
    (problem,) = mounted_build_secrets(data)
    assert "`npm`, which a build reads too" in problem.message


def test_only_files_of_the_project_move() -> None:
    data = project(bind(f"{ROOT}/a$$b"), bind("/srv/x"), bind(f"{ROOT}2/y"), configs={"c": {"file": f"{ROOT}/c"}})
    data["services"]["web"]["build"] = {"context": f"{ROOT}/src"}
    moved = json.loads(relocated(data, ROOT, "/home/you/edge$gen"))
    assert [mount["source"] for mount in moved["services"]["web"]["volumes"]] == [
        "/home/you/edge$$gen/a$$b", "/srv/x", f"{ROOT}2/y",
    ]  # fmt: skip
    assert moved["configs"]["c"]["file"] == "/home/you/edge$$gen/c"
    assert moved["services"]["web"]["build"]["context"] == f"{ROOT}/src"
    assert data["configs"]["c"]["file"] == f"{ROOT}/c", "the argument was changed"


SPEC = """\
name: shop
services:
  web:
    image: web:1
    command: ["a$$b", "1e3", "0755"]
    environment: {A: "x$$y", N: "1.0", Q: "\\"'#"}
    env_file: [{path: ./my.env, format: raw}]
    secrets: [k, {source: e, target: /e}]
    configs: [c]
    depends_on: {db: {condition: service_started}}
    volumes:
      - ./pages:/pages:ro
      - {type: bind, source: ./acme, target: /acme, bind: {create_host_path: false}}
      - data:/d
    ports: ["127.0.0.1:8080:80"]
    healthcheck: {test: [CMD, "true"], interval: 1m30s}
  db: {image: "pg:1", ulimits: {nofile: 100}, tmpfs: [/tmp], mem_limit: 64m}
  tool: {image: "t:1", profiles: [tools], volumes: ["./pages:/p:ro"]}
secrets: {k: {file: ./k}, e: {environment: E}}
configs: {c: {file: ./c}}
volumes: {data: {}}
"""


@pytest.mark.slow
def test_compose_gives_the_same_hashes_as_if_it_ran_there(tmp_path: Path) -> None:
    """Asked of the real Compose: containers that were started from here are not recreated there, and the reverse."""
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "pages").mkdir(parents=True)
    for name, text in {"docker-compose.yml": SPEC, "my.env": 'P=a$b"q\n', ".env": "E=v\n", "k": "s", "c": "c"}.items():
        (here / name).write_text(text)
    shutil.copytree(here, there)
    compose = [str(program("docker-compose")), "--profile", "*"]

    def run(*words: str | Path, cwd: Path, text: str = "") -> str:
        return subprocess.run(
            [*compose, *map(str, words)], input=text, capture_output=True, text=True, check=True, cwd=cwd
        ).stdout

    resolved = json.loads(run("config", "--format", "json", cwd=here))
    shutil.move(there, tmp_path / "not-on-this-machine")
    moved = run(
        "-f", "-", "--project-directory", there, "--env-file", here / ".env", "config", "--hash", "*",
        cwd=tmp_path, text=relocated(resolved, str(here), str(there)),
    )  # fmt: skip
    shutil.move(tmp_path / "not-on-this-machine", there)
    assert moved == run("config", "--hash", "*", cwd=there)
    assert len(moved.splitlines()) == 3
    planted = relocated(resolved, str(here), str(there)).replace("1e3", "1000")
    assert moved != run("-f", "-", "--project-directory", there, "config", "--hash", "*", cwd=there, text=planted)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pages" / "deep").mkdir(parents=True)
    (tmp_path / "pages" / "deep" / "one").write_text("1")
    return tmp_path


def mount(root: Path, path: str, *, read_only: bool = True) -> Mount:
    return Mount("services.web", str(root / path), f"./{path}", read_only)


def test_a_folder_is_read_with_its_modes(root: Path) -> None:
    run = root / "pages" / "run"
    run.write_text("#!/bin/sh")
    run.chmod(0o4775)
    (root / "pages" / "empty").mkdir()
    (root / "pages" / ".edgegen-tmp-0123456789abcdef").write_text("half")
    (root / "private").mkdir(mode=0o700)
    (root / "private" / "key").write_text("k")
    (root / "private" / "key").chmod(0o600)
    found = load(root, [mount(root, "pages"), mount(root, "pages/deep"), mount(root, "private/key")])
    assert {item.path: (item.mode, item.content) for item in found.files} == {
        "pages/deep/one": (0o644, b"1"), "pages/run": (0o755, b"#!/bin/sh"), "private/key": (0o600, b"k"),
    }  # fmt: skip
    assert dict(found.folders) == {"pages": 0o755, "pages/deep": 0o755, "private": 0o700}


def test_what_is_in_acme_stays_here(root: Path) -> None:
    (root / "acme").mkdir()
    (root / "acme" / "acme.json").write_text("mine")
    (root / "acme" / "other").write_text("mine")
    found = load(root, [mount(root, "acme", read_only=False)])
    assert [(item.path, item.mode, item.content) for item in found.files] == [("acme/acme.json", 0o600, None)]
    assert dict(found.folders) == {"acme": 0o700}


@pytest.mark.parametrize("kind", ["link", "fifo", "missing", "name", "large", "many"])
def test_what_can_not_be_copied(root: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cargo, "MOST_BYTES", 1_000)
    monkeypatch.setattr(cargo, "MOST_FILES", 5)
    odd = root / "pages" / "odd"
    if kind == "link":
        odd.symlink_to("/etc/shadow")
    elif kind == "fifo":
        os.mkfifo(odd)
    elif kind == "name":
        (root / "pages" / "a\nb").write_text("")
    elif kind == "large":
        for number in range(2):
            (root / "pages" / f"l{number}").write_text("x" * 600)
    elif kind == "many":
        for number in range(6):
            (root / "pages" / f"m{number}").write_text("x")
    with pytest.raises(RefusedError) as caught:
        load(root, [mount(root, "gone" if kind == "missing" else "pages")])
    (problem,) = caught.value.problems
    assert problem.hint
    assert "/etc/shadow" not in str(problem)
