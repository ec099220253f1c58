"""Published ports in both of Compose's forms: what is rendered, and what is refused."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from edgegen.compose.model import plain
from edgegen.core.errors import SpecError
from edgegen.desired.build import build
from edgegen.project.checked import checked
from edgegen.spec.load import load_text
from tests.conftest import SCRIPTS

KINDS = {
    "container": "kind: container",
    "tcp": "kind: tcp, host: pg.test, port: 5432, listen: 5432, entrypoint: pg",
}


def spec(ports: str, kind: str = "container") -> bytes:
    return f'name: a\nservices:\n  x: {{image: "x:1", {KINDS[kind]}, ports: {ports}}}\n'.encode()


def rendered(text: bytes) -> Any:
    file: Any = plain(build(load_text(text).spec).file.data())
    return file["services"]["x"]["ports"]


@pytest.mark.parametrize("kind", KINDS)
def test_compose_reads_both_forms_as_it_reads_its_own(kind: str, tmp_path: Path) -> None:
    ports = (
        '["127.0.0.1:8080:80", {target: 81, published: 8081, host_ip: 127.0.0.1, protocol: udp, mode: host, name: web, '
        'app_protocol: http}, {target: 82, published: "9000-9010", host_ip: "::1"}, {target: 83}, 84]'
    )
    mine = rendered(spec(ports, kind))
    theirs = f'services: {{x: {{image: "x:1", ports: {ports}}}}}'
    (tmp_path / "mine.yml").write_text(json.dumps({"services": {"x": {"image": "x:1", "ports": mine}}}))
    (tmp_path / "theirs.yml").write_text(theirs)
    read = [
        json.loads(
            subprocess.run(
                [f"{SCRIPTS}/docker-compose", "-p", "a", "-f", file, "config", "--format", "json"],
                cwd=tmp_path, check=True, capture_output=True, timeout=60,
            ).stdout
        )
        for file in ("mine.yml", "theirs.yml")
    ]  # fmt: skip
    assert read[0] == read[1]


def test_variables_are_compose_s() -> None:
    assert rendered(spec('[{target: "${T}", published: "${P:-80}", host_ip: "$IP"}]')) == [
        {"target": "${T}", "published": "${P:-80}", "host_ip": "$IP"}
    ]


@pytest.mark.parametrize(
    ("ports", "where", "words"),
    [
        ("[{published: 80}]", "services.x.ports[0].target", "is missing"),
        ("[{target: 0}]", "services.x.ports[0].target", "not a port"),
        ("[{target: 80, published: 70000}]", "services.x.ports[0].published", "ports go from 1 to 65535"),
        ("[{target: 80, published: web}]", "services.x.ports[0].published", "not a port like"),
        ("[{target: 80, protocol: http}]", "services.x.ports[0].protocol", "not one of tcp, udp, sctp"),
        ("[{target: 80, host_ip: here}]", "services.x.ports[0].host_ip", "address"),
        ("[{target: 80, publish: 80}]", "services.x.ports[0].publish", "unknown key"),
    ],
)
def test_a_wrong_long_form_is_told_at_its_key(ports: str, where: str, words: str) -> None:
    with pytest.raises(SpecError) as caught:
        load_text(spec(ports))
    (problem,) = caught.value.problems
    assert problem.path == where
    assert words in problem.message


def test_the_edges_own_port_is_refused_in_both_forms() -> None:
    for ports in ('["443:80"]', "[{target: 80, published: 443}]", '[{target: 80, published: "80", host_ip: 0.0.0.0}]'):
        with pytest.raises(SpecError, match="the edge already publishes port"):
            checked(load_text(spec(ports)))
