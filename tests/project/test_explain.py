"""Where Traefik's API is asked, whose password goes there, and what a swarm gets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from edgegen.core.errors import UsageError
from edgegen.deploy.command import Command, Result
from edgegen.explain.subject import subject_of
from edgegen.project.explain import Ears, door_of, explain
from edgegen.project.verify import Ways
from edgegen.spec.load import load_text
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import State
from edgegen.verify.look.traefik_api import Door
from edgegen.verify.settings import ConnectTo, Settings
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


class NoEngine:
    """An engine that must not be asked."""

    def run(self, command: Command) -> Result:
        raise AssertionError(command)

    def stream(self, command: Command, *, to_stderr: bool = False) -> Result:
        raise AssertionError(command, to_stderr)


def test_a_swarm_is_looked_at_from_the_outside_alone(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(
        'name: a\ntarget: swarm\nservices: {web: {image: "w:1", port: 80, host: www.example.com}}\n'
    )
    subject = subject_of(tmp_path, None, "https://www.example.com")
    with Servers() as servers:
        way = ConnectTo("www.example.com", None, "127.0.0.1", servers.closed_port())
        found = explain(
            subject, Settings(timeout=2.0, connect_to=(way,)), Ways(lambda: datetime.now(UTC)), Ears(NoEngine())
        )
    states = {link.hop: link.state for link in found.links}
    assert (states[Hop.TCP], states[Hop.CONTAINER]) == (State.BROKEN, State.NOT_SEEN)
    assert found.good is False
