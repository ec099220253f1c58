"""`render -e ONE --diff-against OTHER`: what two environments render, side by side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Edgegen

pytestmark = pytest.mark.slow

SPEC = """\
name: shop
acme: {challenge: dns}
domains: {example.com: {}}
services:
  web: {image: "web:1", port: 80, host: www.example.com, environment: {P: {secret: s}}}
  hub: {kind: registry, host: r.example.com, users: [ci]}
secrets: {s: {generate: 32}}
environments:
  dev:
    acme: {ca: local}
    services:
      web: {ports: ["127.0.0.1:8080:80"], environment: {Q: {secret: s}}}
      hub: {users: [dev]}
  production: {}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def test_the_diff_leads_from_the_other_to_the_named_one(edgegen: Edgegen, project: Path) -> None:
    """Without any of the secrets that either would need: none is read."""
    done = edgegen("render", "-e", "dev", "--diff-against", "production", cwd=project)
    assert done.code == 0, done.err
    assert "--- docker-compose.yml (production)\n+++ docker-compose.yml (dev)\n" in done.out
    assert '\n+      - "127.0.0.1:8080:80"\n' in done.out
    assert '\n-      - "--certificatesresolvers.letsencrypt.acme.dnschallenge' in done.out
    assert "\nsecrets/web.env: differs (a secret, not shown)\n" in done.out
    assert "\nsecrets/cloudflare-api-token: is rendered for `production` only\n" in f"\n{done.out}"
    assert "registry-hub/htpasswd: differs (a secret, not shown)\n" in done.out
    assert "sha256" not in done.out
    assert sorted(path.name for path in project.iterdir()) == ["edge.yaml"]
    back = edgegen("render", "-e", "production", "--diff-against", "dev", cwd=project)
    assert '\n-      - "127.0.0.1:8080:80"\n' in back.out


@pytest.mark.parametrize(("one", "other"), [("production", "base"), ("base", "production"), (None, "production"),
                                            ("dev", "dev"), ("base", "base")])  # fmt: skip
def test_environments_that_mean_the_same_do_not_differ(
    edgegen: Edgegen, project: Path, one: str | None, other: str
) -> None:
    named = ["-e", one] if one else []
    for words in ([], ["--check"]):
        done = edgegen("render", *named, "--diff-against", other, *words, cwd=project)
        assert (done.code, done.out) == (0, ""), done.err


def test_check_judges_and_json_lists(edgegen: Edgegen, project: Path) -> None:
    words = ["render", "-e", "dev", "--diff-against", "base"]
    assert edgegen(*words, "--check", cwd=project).code == 1
    done = edgegen(*words, "--json", cwd=project)
    told = json.loads(done.out)
    assert (done.code, told["ok"], told["against"]) == (0, True, "base")
    assert {"path": "docker-compose.yml", "kind": "content", "detail": "differs"} in told["differences"]
    judged = edgegen(*words, "--check", "--json", cwd=project)
    assert (judged.code, json.loads(judged.out)) == (1, {**told, "ok": False})


def test_it_leaves_a_rendered_folder_as_it_is(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", "-e", "dev", cwd=project).code == 0
    before = {file: file.stat().st_mtime_ns for file in project.rglob("*")}
    assert edgegen("render", "-e", "dev", "--diff-against", "production", cwd=project).code == 0
    assert {file: file.stat().st_mtime_ns for file in project.rglob("*")} == before
    secret = (project / "secrets/s").read_text()
    assert secret not in edgegen("render", "-e", "production", "--diff-against", "dev", cwd=project).out


@pytest.mark.parametrize("words", [["--stdout"], ["--force"]])
def test_it_writes_and_prints_nothing_else(edgegen: Edgegen, project: Path, words: list[str]) -> None:
    assert edgegen("render", "-e", "dev", "--diff-against", "base", *words, cwd=project).code == 2


def test_an_unknown_environment_is_named(edgegen: Edgegen, project: Path) -> None:
    done = edgegen("render", "--diff-against", "prodction", cwd=project)
    assert (done.code, "Did you mean `production`?" in done.err) == (2, True)
