"""Where the certificates are that Traefik keeps, and what is said where nobody can look."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from edgegen.certificates.findings import Rules, findings
from edgegen.core.finding import Outcome
from edgegen.deploy.command import Result
from edgegen.project.certificates import gather
from edgegen.project.sights import Asked, sight_of
from edgegen.spec.load import load, load_text
from tests.fakes import swarm
from tests.fakes.authority_of_tests import Authority
from tests.fakes.swarm import FakeSwarm
from tests.verify.checks.making import NOW

SPEC = """\
name: web
target: swarm
acme: {email: ops@example.com}
services:
  app: {image: "app:1", port: 80, host: www.example.com}
"""
FILE = "c-traefik-1:/acme/acme.json"
PEM = Authority.root("Cert Root").issue("www.example.com", days=(-30, 60)).pem
ENTRY = {"domain": {"main": "www.example.com"}, "certificate": base64.b64encode(PEM).decode(), "key": "a2V5"}
STORE = json.dumps({"letsencrypt": {"Account": {"PrivateKey": "c2VjcmV0"}, "Certificates": [ENTRY]}}).encode()


def engine(**changes: Any) -> FakeSwarm:
    """A manager, on whose own node the edge runs."""
    good: dict[str, Any] = {
        "nodes": [swarm.node("one"), swarm.node("two")],
        "services": [swarm.service("traefik"), swarm.service("app")],
        "tasks": [swarm.task("traefik")],
        "files": {FILE: STORE},
    }
    return FakeSwarm(**{**good, **changes})


def unseen(fake: FakeSwarm, text: str = SPEC, *, remote: str = "") -> str:
    loaded = load_text(text.encode())
    found = sight_of(loaded.spec.target, Asked(fake, remote)).store(loaded, Path("/nonexistent"))
    assert found.store is None
    return found.unseen


def test_the_edges_task_on_this_node() -> None:
    loaded = load_text(SPEC.encode())
    found = sight_of("swarm", Asked(engine())).store(loaded, Path("/nonexistent"))
    assert found.unseen == ""
    assert found.store is not None
    assert [item.names for item in found.store.stored] == [("www.example.com",)]
    assert (found.store.shown, found.store.mode) == ("/acme/acme.json of web_traefik", 0o600)
    assert "c2VjcmV0" not in repr(found)


def test_no_acme_json_yet() -> None:
    assert unseen(engine(files={})) == ""


@pytest.mark.parametrize(
    ("fake", "why"),
    [
        (engine(tasks=[swarm.task("traefik", node="node-two")]),
         "web_traefik runs on the node `two`, and this engine is another one (ask that engine: `--host ssh://me@two`)"),
        (engine(tasks=[swarm.task("traefik", state="pending", node="")]),
         "no task of web_traefik runs, and only a running one shows its volume"),
        (engine(services=[swarm.service("app")]), "this swarm has no service `traefik` of the stack `web`"),
        (FakeSwarm(is_manager=False), "this engine is not in a swarm"),
        (engine(scripted={("info",): Result(1, "", "no daemon")}), "no daemon"),
        (engine(scripted={("cp",): Result(1, "", "permission denied")}), "permission denied"),
    ],
)  # fmt: skip
def test_where_nobody_can_look(fake: FakeSwarm, why: str) -> None:
    said = unseen(fake)
    assert said.startswith("/acme/acme.json of web_traefik was not read: ")
    assert why in said


def test_the_findings_are_unknown_and_name_the_node(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC)
    asked = Asked(engine(tasks=[swarm.task("traefik", node="node-two")]))
    (found,) = findings(gather(tmp_path, None, None, lambda *_: None, asked), Rules(NOW))
    assert (found.outcome, found.verdict, found.subject) == (Outcome.UNKNOWN, "not-seen", "www.example.com")
    assert "the node `two`" in found.message


def test_the_findings_of_a_store_that_was_read(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC)
    held = gather(tmp_path, None, None, lambda *_: None, Asked(engine()))
    assert [(item.verdict, item.outcome) for item in findings(held, Rules(NOW)) if item.id == "EC003"] == [
        ("ok", Outcome.PASS)
    ]


def test_another_projects_edge_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(f"{SPEC}edge: {{use: hub}}\n".replace("acme: {email: ops@example.com}\n", ""))
    fake = engine()
    held = gather(tmp_path, None, None, lambda *_: None, Asked(fake))
    assert (held.kept_by, held.unseen, fake.asked) == ("hub", "", [])


COMPOSE = SPEC.replace("target: swarm\n", "")


def test_compose_reads_the_projects_folder(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(COMPOSE)
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "acme.json").write_bytes(STORE)
    fake = engine()
    found = sight_of("compose", Asked(fake)).store(load(tmp_path), tmp_path)
    assert found.store is not None
    assert {words[0] for words in fake.asked} == {"context"}, "only where the engine is"


@pytest.mark.parametrize("named_by", ["--host", "DOCKER_HOST", "context"])
def test_compose_reads_the_container_of_another_host(named_by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server = "ssh://me@server"
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    if named_by == "DOCKER_HOST":
        monkeypatch.setenv("DOCKER_HOST", server)
    context = {("context", "inspect"): Result(0, f"{server}\n" if named_by == "context" else "unix:///x.sock\n")}
    container = {
        "id": "c9", "name": "/web-traefik-1", "image": "traefik:v3.7", "state": {"Status": "running"}, "args": [],
        "labels": {"com.docker.compose.project": "web", "com.docker.compose.service": "traefik"}, "networks": {},
        "mounts": [], "ports": {}, "variables": [None], "settings": [None],
    }  # fmt: skip
    fake = engine(
        files={"c9:/acme/acme.json": STORE},
        scripted={
            ("ps",): Result(0, "c9\n"),
            ("inspect", "--type", "container"): Result(0, json.dumps(container)),
            **context,
        },
    )
    loaded = load_text(COMPOSE.encode())
    found = sight_of("compose", Asked(fake, server if named_by == "--host" else "")).store(loaded, Path("/nonexistent"))
    assert found.store is not None
    assert found.store.shown == "/acme/acme.json on ssh://me@server"
    nothing = engine(scripted={("ps",): Result(0, "")})
    assert "no container of `traefik` of project `web`" in unseen(nothing, COMPOSE, remote="ssh://me@server")


def test_an_error_is_not_hidden() -> None:
    broken = engine(scripted={("service", "ls"): Result(0, "?? ??\n")})
    assert "printed" in unseen(broken)
