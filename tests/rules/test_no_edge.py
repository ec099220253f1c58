"""`edge: none`: what is rendered, what is left out with a remark, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from edgegen.desired.build import build
from edgegen.desired.endpoints import endpoints
from edgegen.desired.records import records
from edgegen.rules import violations
from edgegen.spec.load import load_text
from tests.conftest import Edgegen
from tests.golden.test_examples_in_compose import compose_reads

SPEC = """\
name: shop
acme: {email: ops@example.com, challenge: dns}
domains: {example.com: {addresses: [192.0.2.10], records: [{type: TXT, name: "@", content: hello}]}}
edge: {dashboard: {host: d.example.com, users: [me]}, network: front}
middlewares: {office: {kind: basic-auth, users: ["a:$2y$05$ZKDTlvhwUnPVUYl5yNDIAeWlG6rMTB5pCjqV3NXqYvdZP1RBAiKbi"]}}
services:
  web:
    image: "web:1"
    port: 80
    host: www.example.com
    aliases: [example.com]
    path: /app
    middlewares: [office, secure-headers]
    labels: {mine: kept}
    ports: ["127.0.0.1:8080:80"]
  quiet: {image: "web:1", port: 80, host: "*.example.com", networks: [back]}
  db: {image: "db:1", networks: [back]}
  pg: {kind: tcp, image: "pg:1", host: pg.example.com, entrypoint: postgres, listen: 5432, port: 5432}
  old: {kind: redirect, host: old.example.com, to: "https://www.example.com"}
  nas: {kind: external, host: nas.example.com, url: "http://192.0.2.1:5000"}
networks: {back: {}}
environments:
  dev: {edge: none}
  plain: {}
"""
_HUB = (
    "name: a\nedge: none\ndomains: {example.com: {}}\nservices: {hub: {kind: registry, host: r.example.com, users: [ci]"
)
BROKEN = [
    _HUB + "}}\n",
    _HUB + ", anonymous: pull}}\n",
    _HUB.replace("kind: registry", "kind: registry-cache") + ', upstream: "https://registry.example.net"}}\n',
]
NEAR_MISSES = [
    "name: a\nedge: none\nservices: {db: {image: 'd:1'}}\n",
    "name: a\nedge: none\ndomains: {example.com: {}}\n"
    "services: {w: {image: 'w:1', port: 1, host: w.example.com, ports: ['127.0.0.1:80:1']}}\n",
]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: a\nedge: none\n", "no edge (`edge: none`) and no service"),
        (
            "name: a\nedge: none\nservices: {old: {kind: redirect, host: o.test, to: 'https://www.example.com'}}\n",
            "redirects and servers outside Docker need one",
        ),
        ("name: a\nedge: {use: other}\n", "the edge is that of project `other`, and there is no service"),
    ],
)
def test_nothing_to_run(edgegen: Edgegen, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "edge.yaml").write_text(text)
    done = edgegen("render", cwd=tmp_path)
    assert done.code == 2
    assert "edge.yaml:2:" in done.err
    assert "there is nothing to run" in done.err
    assert words in done.err
    assert not (tmp_path / "docker-compose.yml").exists()


def loaded(text: str = SPEC, environment: str | None = "dev") -> Any:
    return load_text(text.encode(), environment=environment)


def test_services_have_no_label_no_network_and_no_neighbour_of_the_edge(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC)
    done = edgegen("render", "-e", "dev", cwd=tmp_path)
    assert done.code == 0, done.err
    stack = compose_reads(tmp_path)
    assert set(stack["services"]) == {"web", "quiet", "db", "pg"}
    assert set(stack["networks"]) == {"back", "default"}
    assert stack["services"]["web"]["labels"] == {"mine": "kept"}
    assert set(stack["services"]["web"]["networks"]) == {"default"}
    assert set(stack["services"]["quiet"]["networks"]) == {"back"}
    assert not any("labels" in service for name, service in stack["services"].items() if name != "web")
    text = (tmp_path / "docker-compose.yml").read_text()
    for word in ("traefik", "acme", "secure-headers", "office"):
        assert word not in text, word
    for path in ("acme", "traefik", "secrets"):
        assert not (tmp_path / path).exists()


def test_what_is_left_out_is_said_with_its_line(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC)
    done = edgegen("render", "-e", "dev", "--check", cwd=tmp_path)
    lines = [line for line in done.err.splitlines() if "edge: none" in line]
    assert [line.partition(" services")[0].rpartition(" ")[2] for line in lines] == [
        "edge.yaml:19:8", "edge.yaml:20:8", "edge.yaml:16:10", "edge.yaml:18:7"
    ], done.err  # fmt: skip
    assert [line.partition("`")[2].partition("`")[0] for line in lines] == ["old", "nas", "quiet", "pg"]


@pytest.mark.slow
def test_a_way_there_and_back(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC)
    given = {"CLOUDFLARE_API_TOKEN": "x"}
    assert edgegen("render", cwd=tmp_path, env=given).code == 0
    before = {
        file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and ".edgegen" not in file.parts
    }
    assert edgegen("render", "-e", "dev", cwd=tmp_path).code == 0
    assert edgegen("render", "-e", "base", cwd=tmp_path, env=given).code == 0
    assert {file: file.read_bytes() for file in before} == before


def test_nothing_is_public(edgegen: Edgegen, tmp_path: Path) -> None:
    spec = loaded().spec
    assert list(spec.public_hosts()) == []
    assert endpoints(spec) == ()
    assert [str(record.type) for record in records(spec)] == ["TXT"]
    (tmp_path / "edge.yaml").write_text(SPEC)
    done = edgegen("verify", "-e", "dev", cwd=tmp_path)
    assert (done.code, "no public host" in done.err) == (2, True)
    assert "With `edge: none` no service is public: name another environment" in done.err
    assert "Give a service its `host`" not in done.err
    done = edgegen("dns", "export", "-e", "dev", "--json", cwd=tmp_path)
    assert "192.0.2.10" not in json.loads(done.out)["zones"]["example.com"]


@pytest.mark.parametrize(
    ("base", "overlay", "has"),
    [
        ("edge: {bind: 127.0.0.1}", "edge: none", False),
        ("edge: none", "edge: {bind: 127.0.0.1}", True),
        ("edge: none", "edge: {}", True),
        ("edge: none", "edge: null", True),
        ("edge: none", "target: compose", False),
        ("target: compose", "edge: none", False),
        ("edge: {use: other}", "edge: none", False),
    ],
)
def test_the_word_and_the_settings_replace_each_other(base: str, overlay: str, has: bool) -> None:
    text = f"name: a\n{base}\nservices: {{w: {{image: 'w:1'}}}}\nenvironments: {{dev: {{{overlay}}}}}\n"
    assert ("traefik" in build(loaded(text).spec).file.services) is has


@pytest.mark.parametrize("text", BROKEN)
def test_a_registry_with_a_host_is_refused(text: str) -> None:
    refused = [item for item in violations(loaded(text, None).spec) if item.refused]
    assert [item.path for item in refused] == [("services", "hub")]
    assert "services: {hub: null}" in refused[0].hint


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_needs_no_edge_passes(text: str) -> None:
    assert [item for item in violations(loaded(text, None).spec) if item.path[0] == "services"] == []


def test_ports_of_the_edge_are_free_and_wildcards_need_no_challenge() -> None:
    assert not [item for item in violations(loaded().spec) if item.refused]
    text = SPEC.replace("challenge: dns", "challenge: http").replace("8080:80", "443:443")
    assert not [item for item in violations(loaded(text).spec) if item.refused]
    assert [item for item in violations(loaded(text, "plain").spec) if item.refused]


def test_another_environment_has_its_edge() -> None:
    assert "traefik" in build(loaded(environment="plain").spec).file.services
    assert loaded().digest != loaded(environment="plain").digest == loaded(environment=None).digest
