"""What EL127 claims: to a container without a router Traefik adds one for HTTP, and none for TCP and UDP."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.lab.oracle import ask_traefik
from tests.lab.parsers import compose_config
from tests.lint.support import found, project

pytestmark = pytest.mark.lab
STACK = """\
name: shop
services:
  traefik:
    image: traefik:v3.7
    command:
      - --providers.docker=true
      - --providers.docker.exposedbydefault=false
      - --entrypoints.web.address=:80
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
"""
PROTOCOLS = ("http", "tcp", "udp")


def test_only_http_gets_a_router(tmp_path: Path) -> None:
    stack = yaml.safe_load(STACK)
    for protocol in PROTOCOLS:
        port = f"traefik.{protocol}.services.of-{protocol}.loadbalancer.server.port=5432"
        stack["services"][f"db-{protocol}"] = {"image": "lab/app:1", "labels": ["traefik.enable=true", port]}
    text = yaml.safe_dump(stack)
    told = found(project(text), "EL127")
    assert [name for name in PROTOCOLS if any(f"service `of-{name}`" in line for line in told)] == ["tcp", "udp"]
    (tmp_path / "compose.yaml").write_text(text)
    answer = ask_traefik(compose_config(tmp_path / "compose.yaml"))
    assert [name for name in answer.http_routers if "db-" in name] == ["shop-db-http-1@docker"]
    assert (list(answer.tcp_routers), list(answer.udp_routers)) == ([], [])
    assert not answer.errors
