"""`edgegen add`: what is printed, what is written, and what the next commands make of it."""

from __future__ import annotations

import fcntl
import json
import textwrap
from pathlib import Path

import pytest
import yaml

from tests.conftest import Edgegen

pytestmark = pytest.mark.slow


@pytest.fixture
def project(edgegen: Edgegen, tmp_path: Path) -> Path:
    assert edgegen("init", "web", "example.com", "--address", "192.0.2.1", "-q", cwd=tmp_path).code == 0
    return tmp_path


def spec(project: Path) -> str:
    return (project / "edge.yaml").read_text()


def test_three_services_that_render(edgegen: Edgegen, project: Path) -> None:
    for words in (
        ["nginx:1.27", "docs.example.com"],
        ["acme/api:2", "api.example.com", "--port", "3000", "--middleware", "secure-headers"],
        ["registry", "r.example.com", "--user", "alice"],
        ["wordpress", "blog.example.com", "--name", "blog"],
    ):
        done = edgegen("add", *words, cwd=project)
        assert done.code == 0, done
    done = edgegen("render", cwd=project)
    assert done.code == 0, done
    assert "registry: user alice, password " in done.out
    services = yaml.safe_load((project / "docker-compose.yml").read_text())["services"]
    assert {"nginx", "api", "registry", "blog", "blog-db"} <= services.keys()
    assert edgegen("render", "--check", cwd=project).code == 0
    (host,) = [line.split()[0] for line in edgegen("dns", "export", "example.com", cwd=project).out.splitlines()
               if line.startswith("blog.") and " A " in line]  # fmt: skip
    assert host == "blog.example.com."


def test_what_is_printed(edgegen: Edgegen, project: Path) -> None:
    done = edgegen("add", "registry", "r.example.com", cwd=project)
    assert done.err == "added services.registry, volumes.registry-data to edge.yaml\n"
    commands = [line.strip() for line in done.out.splitlines() if line.strip() and "#" not in line]
    assert commands == [
        "Next:", "export CLOUDFLARE_API_TOKEN=…", "edgegen dns sync", "edgegen up", "docker login r.example.com -u ci",
        "edgegen verify --wait 120 r.example.com",
    ]  # fmt: skip
    again = edgegen("add", "registry", "r.example.com", cwd=project)
    assert (again.code, again.out) == (0, "")
    assert again.err == "edge.yaml already has `registry` like this: nothing to do\n"


@pytest.mark.parametrize("word", ["--diff", "--dry-run"])
def test_a_diff_writes_nothing(edgegen: Edgegen, project: Path, word: str) -> None:
    before = spec(project)
    done = edgegen("add", "nginx:1.27", "docs.example.com", word, cwd=project)
    assert (done.code, spec(project)) == (0, before)
    lines = [line for line in done.out.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert lines == ["+  nginx:", "+    image: nginx:1.27", "+    port: 80", "+    host: docs.example.com", "+"]


def test_json(edgegen: Edgegen, project: Path) -> None:
    body = json.loads(edgegen("add", "nginx:1.27", "docs.example.com", "--json", cwd=project).out)
    assert (body["service"], body["added"], body["written"]) == ("nginx", ["services.nginx"], True)
    assert body["next"][-1] == "edgegen verify --wait 120 docs.example.com"
    body = json.loads(edgegen("add", "nginx:1.27", "docs.example.com", "--json", cwd=project).out)
    assert (body["ok"], body["added"], body["written"], body["next"]) == (True, [], False, [])


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nginx:1.27", "www.example.com"], 3, "`www.example.com` is already the name of `web`"),
        (["nginx:1.27", "a.example.com", "--name", "web"], 3, "--name NAME"),
        (["nginx:1.27", "a.other.net"], 3, "dd the line `other.net: {addresses: [192.0.2.1]}` under `domains:`"),
        (["acme/api:2", "a.example.com"], 2, "Say --port PORT"),
        (["wordpres", "a.example.com"], 2, "Did you mean `wordpress`?"),
        (["nginx:1.27", "a.example.com", "-e", "dev"], 2, "environments.dev.services"),
        (["nginx:1.27"], 2, "missing argument 'HOST'"),
        (["nginx:1.27", "a.example.com", "--port", "0"], 2, "--port"),
    ],
)
def test_refused(edgegen: Edgegen, project: Path, words: list[str], code: int, said: str) -> None:
    before = spec(project)
    done = edgegen("add", *words, cwd=project)
    assert (done.code, said in done.err) == (code, True), done
    assert spec(project) == before


def test_the_mode_of_the_file_stays(edgegen: Edgegen, project: Path) -> None:
    (project / "edge.yaml").chmod(0o600)
    assert edgegen("add", "nginx:1.27", "docs.example.com", cwd=project).code == 0
    assert (project / "edge.yaml").stat().st_mode & 0o777 == 0o600


def test_without_a_project(edgegen: Edgegen, tmp_path: Path) -> None:
    done = edgegen("add", "nginx:1.27", "docs.example.com", cwd=tmp_path)
    assert (done.code, "there is no `edge.yaml`" in done.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_another_edgegen_holds_the_lock(edgegen: Edgegen, project: Path) -> None:
    before = spec(project)
    with (project / ".edgegen/lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = edgegen("add", "nginx:1.27", "docs.example.com", cwd=project)
    assert (done.code, done.out, spec(project)) == (6, "", before)


def test_lines_to_write_yourself_keep_their_indentation(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(
        "name: shop\nx-all: &all {web: {image: 'a:1'}}\nservices: *all\nenvironments: {dev: {services: *all}}\n"
    )
    done = edgegen("add", "nginx:1.27", "b.example.com", cwd=tmp_path)
    lines = done.err.partition("= Write it yourself:\n")[2]
    assert textwrap.dedent(lines).startswith("services:\n  nginx:\n    image: nginx:1.27\n    port: 80\n"), done
