"""`explain` and `verify` as whole commands while Docker lies: its engine to the one, a credential helper to the other.

Whatever is printed, both end in time, have no bug to report, and repeat nothing that commands a terminal.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edgegen.deploy.command import Command, Result
from edgegen.deploy.runner import Runner
from tests.deploy.test_lying_docker import LIES, SLOW, SURVIVED
from tests.fakes import lying_docker
from tests.fakes.dns_server import FakeDns
from tests.properties.test_mutated import called
from tests.sizes import some

pytestmark = pytest.mark.slow

SPEC = """\
name: shop
domains: {example.com: {provider: zonefile, addresses: [127.0.0.1]}}
services:
  edge: {image: "traefik:v3.7.15", port: 80, host: www.example.com}
  registry: {kind: registry, host: r.example.com, users: [ci]}
"""
HELPER = """#!/bin/sh
: > '@HOME@/asked-helper'
[ -x '@HOME@/lie-helper' ] && . '@HOME@/lie-helper'
printf '%s' '{"ServerURL": "r.example.com", "Username": "ci", "Secret": "c4nary-of-the-helper"}'
"""
TRUTH = b'{"ServerURL": "r.example.com", "Username": "ci", "Secret": "c4nary-of-the-helper"}'
ASKED = ("version", "context", "ids", "inspect", "log")
COLOURS = "a terminal's commands"
ALL_LIES = {**LIES, **SURVIVED, COLOURS: lambda truth: b"\x1b]0;title\x07" + truth + b"\x1b[31m\n"}
QUICK = 0.7
"""Seconds that a question may take here."""


class World:
    """A project, the programs that lie, and how to call edgegen there."""

    def __init__(self, folder: Path, dns: FakeDns) -> None:
        self.home = folder / "bin"
        self.project = folder / "project"
        self.options = [
            *("--resolver", f"127.0.0.1:{dns.port}", "--authority-port", str(dns.port), "--allow-private"),
            *("--timeout", "1", "-C", str(self.project)),
        ]
        for host in ("www", "r"):  # nobody listens there: what is seen of the outside is soon told
            for port in (80, 443):
                self.options += ["--connect-to", f"{host}.example.com:{port}:127.0.0.1:1"]

    def judged(self, *words: str) -> tuple[int, str]:
        """Run a command; its exit code and its words, once it has been found to be an honest one."""
        began = time.monotonic()
        code, out, err = called([*words, *self.options])
        assert time.monotonic() - began < 50
        assert code in (1, 4), (code, out, err)
        assert "bug" not in err
        assert not any(mark in out + err for mark in ("\0", "\x1b", "\x07", "c4nary"))
        assert not lying_docker.has_changed(self.home)
        return code, out + err


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with FakeDns(
        behave=lambda name, kind: ("NOERROR", [f"{name} 60 IN A 127.0.0.1"] if kind == "A" else []), address="127.0.0.1"
    ) as dns:
        world = World(tmp_path, dns)
        world.home.mkdir()
        world.project.mkdir()
        lying_docker.install(world.home)
        helper = world.home / "docker-credential-liar"
        helper.write_text(HELPER.replace("@HOME@", str(world.home)))
        helper.chmod(0o755)
        (tmp_path / ".docker").mkdir()
        (tmp_path / ".docker" / "config.json").write_text(json.dumps({"credsStore": "liar"}))
        (world.project / "edge.yaml").write_text(SPEC)
        monkeypatch.setenv("PATH", str(world.home))
        monkeypatch.setenv("HOME", str(tmp_path))
        for name in ("DOCKER_HOST", "DOCKER_CONFIG", "EDGEGEN_REGISTRY_USER", "EDGEGEN_REGISTRY_PASSWORD"):
            monkeypatch.delenv(name, raising=False)
        yield world


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    patient = Runner.run

    def run(runner: Runner, command: Command) -> Result:
        return patient(runner, replace(command, timeout=min(command.timeout or 20, QUICK)))

    monkeypatch.setattr(Runner, "run", run)


def lie_of_helper(world: World, lie: Callable[[bytes], bytes | str]) -> None:
    answer = lie(TRUTH)
    script = world.home / "lie-helper"
    if isinstance(answer, str):
        script.write_text(answer)
    else:
        (world.home / "helper").write_bytes(answer)
        script.write_text(f"/bin/cat '{world.home}/helper'; exit 0\n")
    script.chmod(0o755)


def test_the_truth_is_heard(world: World) -> None:
    """And each question is asked: a lie that nobody hears proves nothing."""
    _, said = world.judged("explain", "https://www.example.com")
    assert "not seen from here" not in said
    assert set(ASKED) <= set(lying_docker.asked(world.home))
    _, said = world.judged("verify")
    assert (world.home / "asked-helper").exists()
    assert "no password for" not in said


CASES = [(question, lie) for question in ASKED for lie in ALL_LIES]
SOME = CASES[::4]
"""Each question with eight of the lies, other ones for the next."""


@pytest.mark.parametrize(("question", "lie"), SOME)
def test_explain(world: World, question: str, lie: str) -> None:
    lying_docker.tell(world.home, question, ALL_LIES[lie])
    world.judged("explain", "https://www.example.com")


@pytest.mark.slow
@pytest.mark.parametrize(("question", "lie"), some([case for case in CASES if case not in SOME], 7))
def test_explain_every_other_lie(world: World, question: str, lie: str) -> None:
    lying_docker.tell(world.home, question, ALL_LIES[lie])
    world.judged("explain", "https://www.example.com")


@pytest.mark.parametrize("lie", SLOW)
@pytest.mark.parametrize("question", ["version", "inspect", "log"])
@pytest.mark.usefixtures("impatient")
def test_explain_waits_for_nobody(world: World, question: str, lie: str) -> None:
    lying_docker.tell(world.home, question, SLOW[lie])
    world.judged("explain", "https://www.example.com")


FEW = list(ALL_LIES)[::3]


@pytest.mark.parametrize("lie", [pytest.param(lie, marks=[] if lie in FEW else pytest.mark.slow) for lie in ALL_LIES])
def test_verify_and_a_credential_helper_that_lies(world: World, lie: str) -> None:
    lie_of_helper(world, ALL_LIES[lie])
    world.judged("verify")
    assert (world.home / "asked-helper").exists()


@pytest.mark.parametrize("lie", SLOW)
@pytest.mark.usefixtures("impatient")
def test_verify_waits_for_no_helper(world: World, lie: str) -> None:
    lie_of_helper(world, SLOW[lie])
    _, said = world.judged("verify")
    assert "no password for r.example.com" in said
