"""`health_path` as Traefik's own check, and what `drain` and `encrypted` are in the words of an engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgegen.compose.model import plain
from edgegen.core.errors import SpecError
from edgegen.desired.build import build
from edgegen.project.checked import checked
from edgegen.project.render import prepare, write
from edgegen.spec.load import load_text
from tests.lab.oracle import ask_traefik
from tests.lab.parsers import compose_config

HEALTH = b"""\
name: a
services:
  web: {image: "w:1", port: 80, host: a.localhost, health_path: /up?deep=1}
  api: {image: "w:1", port: 80, host: b.localhost}
"""
DRAIN = b"""\
name: a
target: compose
services:
  web: {image: "w:1", drain: 1m30s}
  app: {image: "w:1", stop_signal: SIGQUIT, stop_grace_period: 10s}
networks:
  backend: {encrypted: true, internal: true}
  front: {}
"""


def file(text: bytes) -> Any:
    found: Any = plain(build(load_text(text).spec).file.data())
    return found


def test_traefik_asks_for_the_path_every_second() -> None:
    labels = file(HEALTH)["services"]["web"]["labels"]
    health = {key: value for key, value in labels.items() if "healthcheck" in key}
    prefix = "traefik.http.services.web.loadbalancer.healthcheck"
    assert health == {f"{prefix}.path": "/up?deep=1", f"{prefix}.interval": "1s", f"{prefix}.timeout": "1s"}
    assert not [key for key in file(HEALTH)["services"]["api"]["labels"] if "healthcheck" in key]


@pytest.mark.lab
def test_the_real_traefik_reads_it(tmp_path: Path) -> None:
    write(tmp_path, prepare(tmp_path, None, environ={}, loaded=load_text(HEALTH)))
    answer = ask_traefik(compose_config(tmp_path / "docker-compose.yml"), tmp_path / "traefik/dynamic")
    assert answer.complaints == []
    options = {name: item["loadBalancer"].get("healthCheck", {}) for name, item in answer.services.items()}
    assert {key: options["web@docker"][key] for key in ("path", "interval", "timeout")} == {
        "path": "/up?deep=1", "interval": "1s", "timeout": "1s",
    }  # fmt: skip
    assert options["api@docker"] == {}


def test_a_drain_is_a_signal_that_nobody_heeds_and_a_time() -> None:
    services = file(DRAIN)["services"]
    assert (services["web"]["stop_signal"], services["web"]["stop_grace_period"]) == ("SIGURG", "1m30s")
    assert (services["app"]["stop_signal"], services["app"]["stop_grace_period"]) == ("SIGQUIT", "10s")


def test_an_encrypted_network_is_an_option_of_its_driver() -> None:
    networks = file(DRAIN)["networks"]
    assert networks["backend"] == {"name": "a_backend", "internal": True, "driver_opts": {"encrypted": "true"}}
    assert "driver_opts" not in networks["front"]


def test_compose_refuses_what_only_a_swarm_has() -> None:
    with pytest.raises(SpecError) as caught:
        checked(load_text(DRAIN))
    assert [f"{problem} ({problem.hint})" for problem in caught.value.problems] == [
        "edge.yaml:4:30 services.web.drain: Compose stops the old container before it starts the new one: nothing would"
        " take over while it drains (remove it, or use `stop_grace_period` for an app that needs time to stop; it is"
        " for `target: swarm`)",
        "edge.yaml:7:24 networks.backend.encrypted: only the network of a swarm can be encrypted: on one host nothing"
        " leaves the host (remove it, or use `target: swarm`)",
    ]
