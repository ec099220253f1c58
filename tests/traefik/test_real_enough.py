"""The least that each middleware may say, in place and by name, before the real Traefik: nothing is disabled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.project.render import prepare, write
from tests.lab.oracle import ask_traefik, gate
from tests.traefik.middlewares.test_empty import ENOUGH

pytestmark = pytest.mark.lab


def test_the_least_is_enough_for_traefik(tmp_path: Path) -> None:
    services = {
        f"s{number}": {
            "image": "x:1",
            "port": 80,
            "host": f"s{number}.example.com",
            "middlewares": [data, f"m{number}"],
        }
        for number, data in enumerate(ENOUGH)
    }
    named = {f"m{number}": data for number, data in enumerate(ENOUGH)}
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump({"name": "a", "services": services, "middlewares": named}))
    write(tmp_path, prepare(tmp_path, None, environ={}))
    compose = yaml.safe_load((tmp_path / "docker-compose.yml").read_text())
    assert gate(compose, tmp_path / "traefik" / "dynamic") == []


TCP = """
name: a
services:
  one: {kind: tcp, image: "p:1", host: one.example.com, port: 5432, entrypoint: db, listen: 5432, middlewares: [
    office, few, {kind: in-flight-conn, amount: 3}, {kind: ip-allow-list, source_range: 192.0.2.0/24}]}
  web: {image: "w:1", port: 80, host: web.example.com, middlewares: [office]}
middlewares:
  office: {kind: ip-allow-list, source_range: [198.51.100.0/24]}
  few: {kind: in-flight-conn, amount: 10}
"""


def rendered(folder: Path, spec: str) -> dict[str, Any]:
    (folder / "edge.yaml").write_text(spec)
    write(folder, prepare(folder, None, environ={}))
    return dict(yaml.safe_load((folder / "docker-compose.yml").read_text()))


def test_tcp_middlewares_stand_before_the_tcp_router(tmp_path: Path) -> None:
    compose = rendered(tmp_path, TCP)
    answer = ask_traefik(compose, tmp_path / "traefik" / "dynamic")
    assert answer.complaints == []
    router = answer.tcp_routers["one@docker"]
    assert [name.removesuffix("@docker") for name in router["middlewares"]] == [
        "office@file",
        "few@file",
        "one-in-flight-conn",
        "one-ip-allow-list",
    ]
    labels = compose["services"]["one"]["labels"]
    assert labels["traefik.tcp.middlewares.one-in-flight-conn.inflightconn.amount"] == "3"
    assert labels["traefik.tcp.middlewares.one-ip-allow-list.ipallowlist.sourcerange"] == "192.0.2.0/24"
    shared = yaml.safe_load((tmp_path / "traefik" / "dynamic" / "middlewares.yml").read_text())
    assert shared["tcp"]["middlewares"] == {
        "office": {"ipAllowList": {"sourceRange": ["198.51.100.0/24"]}},
        "few": {"inFlightConn": {"amount": 10}},
    }
    assert shared["http"]["middlewares"] == {"office": {"ipAllowList": {"sourceRange": ["198.51.100.0/24"]}}}


def test_a_tcp_middleware_that_is_not_there_is_missed(tmp_path: Path) -> None:
    """The judge of the test above sees what it must: the same stack without the file's part for tcp."""
    compose = rendered(tmp_path, TCP)
    file = tmp_path / "traefik" / "dynamic" / "middlewares.yml"
    shared = yaml.safe_load(file.read_text())
    del shared["tcp"]
    file.write_text(yaml.safe_dump(shared))
    assert ask_traefik(compose, file.parent).complaints != []
