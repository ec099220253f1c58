"""Names and spellings of Compose files that are pasted: they arrive as they are."""

from __future__ import annotations

from typing import Any

import yaml

from tests.conftest import Edgegen

SPEC = """\
name: shop
domains: {commenthouse.com: {provider: none}}
services:
  web:
    image: w:1
    container_name: Web_1.a
    port: 80
    host: www.commenthouse.com
    networks: [back_end, My.Proxy]
    sysctls: [net.core.somaxconn=1024, "net.ipv4.ip_forward=1"]
  db: {image: d:1, container_name: "${NAME:-db}", networks: {back_end: {aliases: [my_db]}}}
networks:
  back_end: {internal: true}
  My.Proxy: {external: true}
"""


def rendered(edgegen: Edgegen, tmp_path: Any) -> Any:
    (tmp_path / "edge.yaml").write_text(SPEC)
    done = edgegen("render", cwd=tmp_path)
    assert done.code == 0, done.err
    return yaml.safe_load((tmp_path / "docker-compose.yml").read_text())


def test_they_arrive_as_they_are(edgegen: Edgegen, tmp_path: Any) -> None:
    file = rendered(edgegen, tmp_path)
    web, db = file["services"]["web"], file["services"]["db"]
    assert (web["container_name"], db["container_name"]) == ("Web_1.a", "${NAME:-db}")
    assert web["networks"] == ["edge", "back_end", "My.Proxy"]
    assert db["networks"] == {"back_end": {"aliases": ["my_db"]}}
    assert web["sysctls"] == {"net.core.somaxconn": "1024", "net.ipv4.ip_forward": "1"}
    assert file["networks"]["back_end"] == {"name": "shop_back_end", "internal": True}
    assert file["networks"]["My.Proxy"] == {"name": "My.Proxy", "external": True}
