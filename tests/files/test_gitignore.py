"""Nothing that is secret is ever offered to git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from edgegen.files import gitignore
from tests.conftest import Edgegen


def listed(project: Path) -> set[str]:
    """What `git add -A` would commit."""
    env = {"PATH": os.environ["PATH"], "HOME": str(project), "GIT_CONFIG_NOSYSTEM": "1"}
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=project, env=env, check=True, capture_output=True)
    done = subprocess.run(["git", "ls-files"], cwd=project, env=env, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize("present", [None, b"", b"node_modules/", b"# mine\n*.log\n"])
def test_git_sees_no_secret_of_a_new_project(edgegen: Edgegen, tmp_path: Path, present: bytes | None) -> None:
    if present is not None:
        (tmp_path / ".gitignore").write_bytes(present)
    done = edgegen("init", "registry", "commenthouse.com", "--user", "a", cwd=tmp_path)
    assert done.code == 0, done.err
    (tmp_path / ".env").write_text("TOKEN=1")
    (tmp_path / "traefik/.edgegen-tmp-1").write_text("what a killed run has left of a file of users")
    (tmp_path / ".edgegen-tmp-2").write_text("or of a secret")
    edgegen("init", "web", "example.org", "--force", cwd=tmp_path)
    assert (tmp_path / "edge.yaml.bak").exists()
    assert listed(tmp_path) == {
        ".gitignore",
        ".dockerignore",
        "edge.yaml",
        "docker-compose.yml",
        "traefik/dynamic/tls.yml",
        "traefik/socket-proxy.cfg",
    } | ({"traefik/dynamic/middlewares.yml"})
    if present:
        assert (tmp_path / ".gitignore").read_bytes().startswith(present)


@pytest.mark.slow
def test_git_sees_no_secret_of_every_kind(edgegen: Edgegen, tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples/03-edge-kinds/edge.yaml"
    (tmp_path / "edge.yaml").write_bytes(example.read_bytes())
    env = {"CLOUDFLARE_API_TOKEN": "t", "S3_KEY": "k", "S3_SECRET": "s"}
    assert edgegen("render", cwd=tmp_path, env=env).code == 0
    assert listed(tmp_path) == {
        ".gitignore",
        ".dockerignore",
        "edge.yaml",
        "docker-compose.yml",
        "traefik/dynamic/middlewares.yml",
        "traefik/dynamic/services.yml",
        "traefik/dynamic/tls.yml",
        "traefik/socket-proxy.cfg",
    }


def test_a_line_that_is_missing_is_a_warning_of_render(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text("name: a\n")
    (tmp_path / ".gitignore").write_text("/secrets/\n")
    done = edgegen("render", cwd=tmp_path)
    assert done.code == 0
    assert "`.gitignore` does not name /acme/" in done.err
    assert (tmp_path / ".gitignore").read_text() == "/secrets/\n"


def test_completing_is_done_once() -> None:
    once = gitignore.completed(b"mine")
    assert once.startswith(b"mine\n")
    assert gitignore.completed(once) == once
    assert gitignore.missing_lines(once) == []
