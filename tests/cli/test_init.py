"""`edgegen init`: the first command that anybody runs."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import bcrypt
import pytest
import yaml

from tests.conftest import SCRIPTS, Edgegen

EXAMPLE = Path(__file__).parents[2] / "examples/01-registry"
INIT = ("init", "registry", "commenthouse.com", "--email", "ops@commenthouse.com", "--address", "157.245.51.137")


def test_the_main_job(edgegen: Edgegen, tmp_path: Path) -> None:
    done = edgegen(*INIT, cwd=tmp_path)
    assert done.code == 0, done.err
    shown = re.fullmatch(
        r"registry: user ci, password ([A-Za-z0-9]{24})   \(shown only now\)\n\nNext:\n"
        r"  # a Cloudflare API token for commenthouse.com with Zone / Zone / Read and Zone / DNS / Edit:\n"
        r"  # https://dash.cloudflare.com/profile/api-tokens: use the template "
        r"\"Edit zone DNS\" and add Zone / Zone / Read\n"
        r"  # or a file with it, mode 600: export CLOUDFLARE_API_TOKEN_FILE=PATH\n"
        r"  export CLOUDFLARE_API_TOKEN=…\n  edgegen dns sync\n  edgegen up\n"
        r"  docker login commenthouse.com -u ci\n  edgegen verify --wait 120\n",
        done.out,
    )
    assert shown, done.out
    user, _, digest = (tmp_path / "registry/htpasswd").read_text().strip().partition(":")
    assert user == "ci"
    assert bcrypt.checkpw(shown[1].encode(), digest.encode())
    text = (tmp_path / "edge.yaml").read_text()
    owner = re.search(r"^  owner: (commenthouse-[a-z0-9]{8})$", text, re.M)
    assert owner
    (tmp_path / "edge.yaml").write_text(text.replace(owner[1], "commenthouse-k3v9x2qa"))
    assert edgegen("render", cwd=tmp_path).code == 0
    assert (tmp_path / "edge.yaml").read_bytes() == (EXAMPLE / "edge.yaml").read_bytes()
    compose = (tmp_path / "docker-compose.yml").read_bytes()
    assert compose == (EXAMPLE / "expected/docker-compose.yml").read_bytes()
    subprocess.run([f"{SCRIPTS}/docker-compose", "config", "-q"], cwd=tmp_path, check=True, timeout=60)
    assert edgegen("render", "--check", cwd=tmp_path).code == 0
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or shown[1].encode() not in file.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("template", ["registry", "web"])
def test_on_a_swarm(edgegen: Edgegen, tmp_path: Path, template: str) -> None:
    words = ("--target", "swarm", "--email", "a@commenthouse.com")
    done = edgegen("init", template, "commenthouse.com", *words, cwd=tmp_path)
    assert done.code == 0, done.err
    steps = [line.strip() for line in done.out.partition("Next:\n")[2].splitlines() if not line.startswith("  #")]
    login = ["docker login commenthouse.com -u ci"] if template == "registry" else []
    assert steps == [
        "docker swarm init", "export CLOUDFLARE_API_TOKEN=…", "edgegen dns sync", "edgegen up", *login,
        "edgegen verify --wait 120",
    ]  # fmt: skip
    assert "`edgegen swarm init ssh://me@server`" in done.out
    stack = yaml.safe_load((tmp_path / "stack.yml").read_text())
    assert not [item for section in ("networks", "volumes") for item in stack[section].values() if item.get("external")]
    assert not (tmp_path / "docker-compose.yml").exists()
    assert edgegen("render", "--check", cwd=tmp_path).code == 0


@pytest.mark.slow
def test_json_holds_the_credentials(edgegen: Edgegen, tmp_path: Path) -> None:
    done = edgegen(*INIT, "--user", "a", "--user", "b", "--json", "--dir", tmp_path / "new/deep")
    body = json.loads(done.out)
    assert (body["schema_version"], body["command"], body["ok"], body["findings"]) == (1, "init", True, [])
    assert [(item["service"], item["user"]) for item in body["credentials"]] == [("registry", "a"), ("registry", "b")]
    hashes = dict(line.split(":") for line in (tmp_path / "new/deep/registry/htpasswd").read_text().split())
    for item in body["credentials"]:
        assert bcrypt.checkpw(item["password"].encode(), hashes[item["user"]].encode())
    assert set(body["written"]) >= {
        "edge.yaml",
        "docker-compose.yml",
        "acme/acme.json",
        "registry/htpasswd",
        ".gitignore",
        ".dockerignore",
    }
    at = f" -C {tmp_path}/new/deep"
    assert body["next"] == [
        "export CLOUDFLARE_API_TOKEN=…",
        f"edgegen dns sync{at}",
        f"edgegen up{at}",
        "docker login commenthouse.com -u a",
        f"edgegen verify --wait 120{at}",
    ]


def test_nothing_is_overwritten(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text("mine: true\n")
    done = edgegen(*INIT, cwd=tmp_path)
    assert done.code == 3
    assert "`edge.yaml` exists already" in done.err
    assert done.out == ""
    assert (tmp_path / "edge.yaml").read_text() == "mine: true\n"
    assert {file.name for file in tmp_path.iterdir()} <= {"edge.yaml", ".edgegen"}


def test_a_compose_file_of_somebody_else_is_not_overwritten(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text("services: {}\n")
    done = edgegen(*INIT, cwd=tmp_path)
    assert done.code == 3
    assert (tmp_path / "docker-compose.yml").read_text() == "services: {}\n"


@pytest.mark.slow
def test_force_keeps_what_was_there(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text("mine: true\n")
    assert edgegen(*INIT, "--force", cwd=tmp_path).code == 0
    assert (tmp_path / "edge.yaml.bak").read_text() == "mine: true\n"
    assert (tmp_path / "edge.yaml").read_text() != "mine: true\n"


@pytest.mark.slow
def test_once_more_with_force_keeps_passwords_and_certificates(edgegen: Edgegen, tmp_path: Path) -> None:
    edgegen(*INIT, cwd=tmp_path)
    (tmp_path / "acme/acme.json").write_text('{"letsencrypt": {}}')
    before = {path: (tmp_path / path).read_bytes() for path in ("registry/htpasswd", "secrets/registry-http-secret")}
    done = edgegen("init", "registry", "example.org", "--force", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "password" not in done.out  # ci has one
    assert {path: (tmp_path / path).read_bytes() for path in before} == before
    assert (tmp_path / "acme/acme.json").read_text() == '{"letsencrypt": {}}'


@pytest.mark.quick(5)
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["registry", "localhost"], "has no dot"),
        (["registry", "192.0.2.1"], "is an IP address"),
        (["registry", "https://commenthouse.com"], "is a URL"),
        (["registry", "a..b"], "empty label"),
        (["registry", "a.com", "--email", "ops"], "not an e-mail address"),
        (["registry", "a.com", "--address", "server"], "not an IP address"),
        (["registry", "a.com", "--user", "a:b"], "expected the name of a user"),
        (["registry", "a.com", "--user", "ci", "--user", "ci"], "named twice"),
        (["registry", "a.com", "--target", "k8s"], "is not one of 'compose', 'swarm'"),
        (["registy", "a.com"], "Did you mean `registry`?"),
        (["../../etc", "a.com"], "no template"),
        (["registry"], "DOMAIN is missing. E.g. `edgegen init registry commenthouse.com`"),
        (["web"], "`edgegen init web commenthouse.com`"),
        (["local-registry"], "`edgegen init local-registry registry.localhost`, of which only the project's name"),
        (["registy"], "Did you mean `registry`?"),
        ([], "TEMPLATE and DOMAIN are missing"),
    ],
)
def test_a_bad_answer_writes_nothing(edgegen: Edgegen, tmp_path: Path, words: list[str], said: str) -> None:
    done = edgegen("init", *words, "--dir", "new", cwd=tmp_path)
    assert done.code == 2
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


def test_the_list(edgegen: Edgegen, tmp_path: Path) -> None:
    lines = edgegen("init", "--list", cwd=tmp_path).out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
    assert {"registry", "web"} <= {line.split()[0] for line in lines}
    body = json.loads(edgegen("init", "--list", "--json", cwd=tmp_path).out)
    assert [item["name"] for item in body["templates"]] == [line.split()[0] for line in lines]
    assert list(tmp_path.iterdir()) == []


def owner_in(project: Path) -> str:
    found = re.search(r"^  owner: (.*)$", (project / "edge.yaml").read_text(), re.M)
    assert found
    return found[1]


@pytest.mark.slow
def test_each_project_has_an_owner_of_its_own(edgegen: Edgegen, tmp_path: Path) -> None:
    owners = set()
    for number in range(3):
        assert edgegen("init", "web", "commenthouse.com", "--dir", f"p{number}", cwd=tmp_path).code == 0
        owners.add(owner_in(tmp_path / f"p{number}"))
    assert len(owners) == 3


@pytest.mark.slow
def test_once_more_it_keeps_its_owner_with_force_and_without(edgegen: Edgegen, tmp_path: Path) -> None:
    assert edgegen(*INIT, cwd=tmp_path).code == 0
    owner = owner_in(tmp_path)
    assert edgegen(*INIT, cwd=tmp_path).code == 0
    assert owner_in(tmp_path) == owner
    assert edgegen("init", "web", "example.org", "--force", cwd=tmp_path).code == 0
    assert owner_in(tmp_path) == owner


def test_an_environment_of_the_template(edgegen: Edgegen, tmp_path: Path) -> None:
    assert edgegen("init", "web", "commenthouse.com", "-e", "dev", cwd=tmp_path).code == 0
    assert "127.0.0.1:8080:80" in (tmp_path / "docker-compose.yml").read_text()
    assert edgegen("render", "--check", "-e", "dev", cwd=tmp_path).code == 0
    assert edgegen("render", "--check", "-e", "base", cwd=tmp_path).code == 1


@pytest.mark.slow
def test_a_project_without_a_public_host_is_not_told_to_verify_one(edgegen: Edgegen, tmp_path: Path) -> None:
    done = edgegen("init", "local-registry", "registry.localhost", "--user", "me", cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.out.partition("\nNext:\n")[2] == "  edgegen up\n  docker login 127.0.0.1:5000 -u me\n"
    assert edgegen("up", "--dry-run", cwd=tmp_path).code == 0


@pytest.mark.slow
def test_a_name_of_this_machine_has_a_certificate_to_trust_and_no_records(edgegen: Edgegen, tmp_path: Path) -> None:
    done = edgegen("init", "web", "app.localhost", cwd=tmp_path)
    assert done.code == 0, done.err
    assert f"sudo cp {tmp_path}/.edgegen/ca/root.pem " in done.out
    assert done.out.partition("\nNext:\n")[2] == "  edgegen up\n  edgegen verify --wait 120\n"
    again = edgegen("init", "web", "app.localhost", "--json", "-C", "other", cwd=tmp_path)
    assert json.loads(again.out)["local_ca"]["trust"].startswith("sudo cp ")
