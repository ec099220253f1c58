"""What Traefik sees of a stack by references from one part to another, and by what it would make up itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.project.render import prepare, write
from edgegen.spec.load import load_text
from edgegen.targets.swarm_parts import dynamic_labels
from tests.lab.oracle import OracleAnswer
from tests.lab.stack_file import ask_swarm

pytestmark = pytest.mark.lab

ONLY_A_SITE = b"""\
name: a
target: swarm
services:
  web: {image: "w:1", host: www.localhost, port: 80}
"""
PAGES_ELSEWHERE = b"""\
name: a
target: swarm
services:
  web: {image: "w:1", host: www.localhost, port: 80, middlewares: [pages]}
  nas: {kind: external, host: nas.localhost, url: "http://192.0.2.10:5000"}
middlewares: {pages: {kind: errors, status: [500-599], service: nas, query: "/{status}.html"}}
"""


def asked(folder: Path, text: bytes) -> OracleAnswer:
    write(folder, prepare(folder, None, environ={}, loaded=load_text(text)))
    return ask_swarm(folder / "stack.yml", "a", folder / "seen")


def test_the_labels_of_traefik_itself_are_no_router(tmp_path: Path) -> None:
    """Of a service without routers Traefik makes one: `Host(`NAME-traefik`)` on every entrypoint."""
    answer = asked(tmp_path, ONLY_A_SITE)
    assert answer.complaints == []
    assert sorted(answer.http_routers) == ["web-http@swarm", "web-https@swarm"]


def test_that_is_seen_where_it_has_one_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = {key: value for key, value in dynamic_labels._ENABLED.items() if "either" not in key}
    monkeypatch.setattr(dynamic_labels, "_ENABLED", one)
    assert "a-traefik@swarm" in asked(tmp_path, ONLY_A_SITE).http_routers


def test_error_pages_of_a_server_outside_docker(tmp_path: Path) -> None:
    answer = asked(tmp_path, PAGES_ELSEWHERE)
    assert answer.complaints == []
    (pages,) = (item for name, item in answer.middlewares.items() if name.startswith("pages@"))
    assert pages["errors"]["service"] == "nas@swarm"
