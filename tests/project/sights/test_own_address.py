"""Whose address `auto` is: this machine's on Compose, that of the edge's node on a swarm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import EdgegenError, OutsideError, RefusedError
from edgegen.deploy.command import Command, Result
from edgegen.deploy.runner import Executor
from edgegen.desired.records import needs_own_address
from edgegen.project.dns import wanted_records
from edgegen.project.sights import Asked, sight_of
from edgegen.spec.load import LoadedSpec, load_text
from tests.fakes import swarm
from tests.fakes.swarm import FakeSwarm

SPEC = """\
name: web
target: swarm
acme: {email: ops@example.com}
domains:
  example.com: {addresses: [auto], provider: zonefile}
services:
  app: {image: "app:1", port: 80, host: www.example.com}
"""
PUBLIC = {"status": {"State": "ready", "Addr": "157.245.51.137"}}
WORKER = {"spec": {"Labels": {}, "Role": "worker", "Availability": "active"}, "manager": None}


def loaded(text: str = SPEC) -> LoadedSpec:
    return load_text(text.encode())


def addresses(fake: Executor, text: str = SPEC, *, remote: str = "") -> dict[int, str]:
    found = loaded(text)
    return dict(sight_of(found.spec.target, Asked(fake, remote)).own_addresses(found, needs_own_address(found.spec)))


def refused(fake: Executor, text: str = SPEC, *, remote: str = "") -> EdgegenError:
    with pytest.raises((RefusedError, OutsideError)) as error:
        addresses(fake, text, remote=remote)
    return error.value


def only(error: EdgegenError) -> tuple[int, str, str, str]:
    (problem,) = error.problems
    return error.exit_code, str(problem.where), problem.message, problem.hint


def test_the_edges_node() -> None:
    others = [swarm.node("two"), swarm.node("three", **WORKER)]
    fake = FakeSwarm(nodes=[*others, swarm.labelled("one", "edgegen.web.edge", **PUBLIC)])
    assert addresses(fake) == {4: "157.245.51.137"}
    (record,) = wanted_records(loaded(), Asked(fake))
    assert (record.name, record.content, str(record.where)) == ("www.example.com", "157.245.51.137", "edge.yaml:5:29")


def test_the_only_manager_will_be_the_edges_node() -> None:
    fake = FakeSwarm(nodes=[swarm.node("one", **PUBLIC), swarm.node("two", **WORKER)])
    assert addresses(fake) == {4: "157.245.51.137"}


def test_another_projects_edge() -> None:
    fake = FakeSwarm(
        nodes=[swarm.labelled("one", "edgegen.web.edge"), swarm.labelled("two", "edgegen.hub.edge", **PUBLIC)]
    )
    assert addresses(fake, f"{SPEC}edge: {{use: hub}}\n") == {4: "157.245.51.137"}


def test_ipv6() -> None:
    found = {"status": {"State": "ready", "Addr": "2A03:B0C0:0:0::1"}}
    fake = FakeSwarm(nodes=[swarm.labelled("one", "edgegen.web.edge", **found)])
    assert addresses(fake, SPEC.replace("auto", "auto6")) == {6: "2a03:b0c0::1"}
    code, where, message, hint = only(refused(fake))
    assert (code, where) == (3, "edge.yaml:5:29")
    assert message == (
        "`auto` is the address of the edge's node `one`, and the swarm knows it as 2a03:b0c0::1, which is not an IPv4 "
        "address"
    )
    assert hint == "write the public address that leads to `one` instead of `auto`"


@pytest.mark.parametrize(
    ("address", "what"),
    [("10.77.0.1", "private"), ("127.0.0.1", "loopback"), ("100.64.0.9", "carrier-grade NAT"), ("fd00::1", "")],
)
def test_a_private_address_is_asked_for(address: str, what: str) -> None:
    fake = FakeSwarm(nodes=[swarm.labelled("one", "edgegen.web.edge", status={"State": "ready", "Addr": address})])
    code, where, message, hint = only(refused(fake))
    assert (code, where) == (3, "edge.yaml:5:29")
    assert address in message
    assert (f"not a public address ({what})" if what else "not an IPv4 address") in message
    assert hint == "write the public address that leads to `one` instead of `auto`"


def test_a_node_without_an_address() -> None:
    fake = FakeSwarm(nodes=[swarm.labelled("one", "edgegen.web.edge", status={}, manager=None)])
    assert "does not know its address" in only(refused(fake))[2]


KNOWN = "`auto` is the address of the node that runs the edge, which is not known: "


@pytest.mark.parametrize(
    ("fake", "code", "message", "hint"),
    [
        (FakeSwarm(is_manager=False), 3, "this engine is not in a swarm", "docker swarm init"),
        (FakeSwarm(nodes=[swarm.node("one"), swarm.node("two")]), 3,
         "no node has the label `edgegen.web.edge`, and the swarm has 2 managers: one, two", "--edge-node HOST"),
        (FakeSwarm(nodes=[swarm.labelled("one", "edgegen.web.edge"), swarm.labelled("two", "edgegen.web.edge")]), 3,
         "one and two are both marked for the edge: Traefik would start on either, each with its own certificates",
         "--label-rm edgegen.web.edge two"),
        (FakeSwarm(scripted={("info",): Result(1, "", "Cannot connect to the Docker daemon")}), 4,
         "Cannot connect to the Docker daemon", ""),
        (FakeSwarm(scripted={("info",): Result(0, '{"LocalNodeState": "active", "ControlAvailable": false}')}), 3,
         "this engine is a worker of its swarm", "--host ssh://me@server"),
        (FakeSwarm(nodes=[swarm.node()], scripted={("node", "ls"): Result(1, "", "The swarm does not have a leader")}),
         4, "The swarm does not have a leader", ""),
    ],
)  # fmt: skip
def test_without_a_swarm_that_answers(fake: FakeSwarm, code: int, message: str, hint: str) -> None:
    error = only(refused(fake))
    assert error[:2] == (code, "edge.yaml:5:29")
    assert error[2].startswith(KNOWN)
    assert message in error[2]
    assert hint in error[3]


def test_docker_is_not_installed() -> None:
    class Without:
        def run(self, command: Command) -> Result:
            raise OutsideError("`docker` was not found", hint="install Docker")

        stream: Any = run

    assert only(refused(Without()))[:3] == (4, "edge.yaml:5:29", f"{KNOWN}`docker` was not found")


def test_nobody_is_asked_where_the_spec_has_addresses() -> None:
    fake = FakeSwarm(is_manager=False)
    (record,) = wanted_records(loaded(SPEC.replace("auto", "157.245.51.137")), Asked(fake))
    assert record.content == "157.245.51.137"
    assert fake.asked == []


def test_compose_can_not_find_out_another_hosts_address() -> None:
    fake = FakeSwarm()
    code, where, message, hint = only(refused(fake, SPEC.replace("target: swarm\n", ""), remote="ssh://me@server"))
    assert (code, where) == (3, "edge.yaml:4:29")
    assert message == "`auto` is the address of the machine that edgegen runs on, not that of ssh://me@server"
    assert "run the command on that host" in hint
    assert fake.asked == []


def test_a_plan_of_a_swarm_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from edgegen.cli.app import run

    (tmp_path / "edge.yaml").write_text(SPEC)
    code = run(["dns", "plan", "-C", str(tmp_path), "--host", f"unix://{tmp_path}/no.sock"])
    said = capsys.readouterr().err
    assert code == 4
    assert KNOWN in said
    assert "edge.yaml:5:29" in said


@pytest.mark.parametrize("named_by", ["DOCKER_HOST", "context"])
def test_an_engine_that_the_environment_names_is_far_as_well(named_by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`up` starts the stack there: this machine's own address would be published for it."""
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    if named_by == "DOCKER_HOST":
        monkeypatch.setenv("DOCKER_HOST", "ssh://me@prod")
    context = "ssh://me@prod" if named_by == "context" else "unix:///x.sock"
    fake = FakeSwarm(scripted={("context", "inspect"): Result(0, f"{context}\n")})
    code, _, message, _ = only(refused(fake, SPEC.replace("target: swarm\n", "")))
    assert (code, message) == (
        3,
        "`auto` is the address of the machine that edgegen runs on, not that of ssh://me@prod",
    )


@pytest.mark.parametrize("engine", ["unix:///run/docker.sock", "", None])
def test_this_machines_own_address(engine: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker need not even be installed where only DNS is kept."""

    class Without:
        def run(self, command: Command) -> Result:
            raise OutsideError("`docker` was not found")

        stream: Any = run
        stream_all: Any = run

    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr("edgegen.dns.own_address.own_addresses", lambda wanted: dict.fromkeys(wanted, "157.245.51.137"))
    fake = Without() if engine is None else FakeSwarm(scripted={("context",): Result(0, f"{engine}\n")})
    assert addresses(fake, SPEC.replace("target: swarm\n", "")) == {4: "157.245.51.137"}
