"""Where Traefik's API is asked, whose password goes there, and what a swarm gets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from edgegen.core.errors import UsageError
from edgegen.explain.subject import subject_of
from edgegen.project.explain import Ears, Explained, door_of, explain
from edgegen.project.verify import Ways
from edgegen.spec.load import load_text
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import State
from edgegen.verify.look.traefik_api import Door
from edgegen.verify.settings import ConnectTo, Settings
from tests.fakes import swarm
from tests.fakes.swarm import FakeSwarm
from tests.fakes.tls_servers import Servers

USER = {"EDGEGEN_DASHBOARD_USER": "ops", "EDGEGEN_DASHBOARD_PASSWORD": "swordfish"}
DASHBOARD = load_text(
    b"name: a\nedge: {ports: {websecure: 8443}, dashboard: {host: traefik.example.com, users: [ops]}}\nservices: {}\n"
)
NONE = load_text(b"name: a\nservices: {}\n")


def place(door: Door | None) -> tuple[str, str, int, str] | None:
    """Where a door is, and whose password it takes."""
    return (door.scheme, door.host, door.port, door.credentials.user if door.credentials else "") if door else None


def test_the_dashboards_own_host() -> None:
    assert place(door_of("", DASHBOARD, USER)) == ("https", "traefik.example.com", 8443, "ops")
    assert door_of("", DASHBOARD, {}) is None
    assert door_of("", DASHBOARD, {"EDGEGEN_DASHBOARD_USER": "ops"}) is None
    assert door_of("", NONE, USER) is None
    assert door_of("", None, USER) is None


def test_a_dashboards_password_goes_to_no_other_host() -> None:
    assert place(door_of("https://traefik.example.com", DASHBOARD, USER)) == (
        "https",
        "traefik.example.com",
        443,
        "ops",
    )
    assert place(door_of("https://other.example.com", DASHBOARD, USER)) == ("https", "other.example.com", 443, "")
    assert place(door_of("http://127.0.0.1:8080", DASHBOARD, USER)) == ("http", "127.0.0.1", 8080, "")
    assert place(door_of("https://other.example.com", NONE, USER)) == ("https", "other.example.com", 443, "ops")
    with pytest.raises(UsageError):
        door_of("nonsense", DASHBOARD, USER)


def test_a_password_is_not_shown() -> None:
    assert "swordfish" not in repr(door_of("", DASHBOARD, USER))


SWARM = """\
name: web
target: swarm
services:
  app: {image: "app:1", port: 80, host: www.example.com}
"""


def traced(tmp_path: Path, engine: FakeSwarm) -> Explained:
    """The request for the host of `SWARM`, to which nothing listens."""
    (tmp_path / "edge.yaml").write_text(SWARM)
    subject = subject_of(tmp_path, None, "https://www.example.com", {})
    with Servers() as servers:
        way = ConnectTo("www.example.com", None, "127.0.0.1", servers.closed_port())
        settings = Settings(timeout=20.0, connect_to=(way,))
        return explain(subject, settings, Ways(lambda: datetime.now(UTC)), Ears(engine))


def test_a_swarm_that_is_not_seen(tmp_path: Path) -> None:
    found = traced(tmp_path, FakeSwarm(is_manager=False))
    states = {link.hop: link.state for link in found.links}
    assert (states[Hop.TCP], states[Hop.CONTAINER]) == (State.BROKEN, State.NOT_SEEN)
    assert found.links[-1].message == "not seen from here: this engine is not a manager of a swarm"
    assert found.good is False


def test_a_swarm_on_which_the_edge_does_not_run(tmp_path: Path) -> None:
    flags = ["--entrypoints.websecure.address=:443", "--providers.swarm=true"]
    error = "no suitable node (scheduling constraints not satisfied on 1 node)"
    engine = FakeSwarm(
        nodes=[swarm.node()],
        services=[swarm.service("traefik", args=flags), swarm.service("app")],
        tasks=[swarm.task("traefik", state="pending", node="", error=error), swarm.task("app")],
    )
    found = traced(tmp_path, engine)
    first = found.first
    assert first is not None
    assert first.hop is Hop.TCP
    assert f"Why: Traefik does not run: web_traefik.1 is pending: {error}" in first.message
    assert found.links[-1].message == "web_app: its task runs, on one"


def test_a_task_that_is_rejected_is_the_last_link(tmp_path: Path) -> None:
    engine = FakeSwarm(
        nodes=[swarm.node()],
        services=[swarm.service("app")],
        tasks=[swarm.task("app", state="rejected", desired="ready", error="No such image: app:1")],
    )
    last = traced(tmp_path, engine).links[-1]
    assert (last.hop, last.state) == (Hop.CONTAINER, State.BROKEN)
    assert (last.message, str(last.where)) == ("web_app.1 is rejected on one: No such image: app:1", "edge.yaml:4:16")
