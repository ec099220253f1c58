"""`verify` on the real thing: green with a push, then each fault by its own verdict, and the first broken link."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.lab import broken, default_certificate, names
from tests.lab.clients import wait_for_certificate
from tests.lab.ground import ADDRESS, Ground, stop
from tests.lab.parts import library
from tests.lab.stack import Stack, password

HOST = "commenthouse.com"
ROOT = Path(__file__).parents[2]
ELSEWHERE = "10.99.0.77"
DEADLINE = 60.0


@dataclass(frozen=True)
class Verified:
    """What a run said."""

    code: int
    report: dict[str, Any]
    said: str

    @property
    def bad(self) -> set[str]:
        """The verdicts that make the run bad."""
        return {
            item["verdict"]
            for item in self.report["findings"]
            if item["outcome"] == "fail" and item["severity"] not in ("low", "info")
        }


@dataclass
class Edge:
    """A registry that runs, its user's password, and the zone in the DNS."""

    stack: Stack
    made: str
    zone: Path

    def verify(self, *words: str, env: Mapping[str, str] | None = None) -> Verified:
        credentials = {"EDGEGEN_REGISTRY_USER": "ci", "EDGEGEN_REGISTRY_PASSWORD": self.made}
        done = self.stack.run("verify", "--json", *self.looking, *words, env={**credentials, **(env or {})})
        assert done.stdout, done.stderr
        assert self.made not in done.stdout + done.stderr
        return Verified(done.returncode, json.loads(done.stdout), done.stderr)

    @property
    def looking(self) -> tuple[str, ...]:
        return ("--ca-file", str(self.stack.root), "--resolver", names.ADDRESS)

    def until(self, word: str, *, alone: bool = True) -> Verified:
        """What a fault looks like once Traefik has taken notice: it reads labels and containers in its own time.

        `alone`: nothing else makes the run bad; what a start of a container looks like is over by then.
        """
        end = time.monotonic() + DEADLINE
        while True:
            seen = self.verify()
            if (seen.bad == {word} if alone else word in seen.bad) or time.monotonic() > end:
                assert seen.code == 1, seen.report
                return seen
            time.sleep(0.2)  # nothing announces that Traefik's view of the containers has changed

    def green(self, *words: str) -> Verified:
        end = time.monotonic() + DEADLINE
        while (seen := self.verify(*words)).code and time.monotonic() < end:
            time.sleep(0.2)
        return seen


@pytest.fixture
def edge(stack: Stack, tmp_path: Path) -> Iterator[Edge]:
    words = ("init", "registry", HOST, "--email", "ops@commenthouse.com", "--address", ADDRESS, "--json")
    made = password(stack.edgegen(*words).stdout)
    stack.use_lab_authority()
    path = stack.folder / "edge.yaml"
    text = path.read_text().replace("kind: registry", "kind: registry\n    delete: true")
    path.write_text(text)
    stack.render()
    stack.up()
    wait_for_certificate(stack.ground, HOST)
    with running_names(stack.ground, tmp_path / "zone", ADDRESS) as zone:
        yield Edge(stack, made, zone)


@contextlib.contextmanager
def running_names(ground: Ground, zone: Path, address: str) -> Iterator[Path]:
    """The DNS in which the host leads to the lab; gives the zone's file."""
    write_zone(zone, address)
    log = zone.with_suffix(".log")
    words = (sys.executable, "-m", "tests.lab.names", names.ADDRESS, zone)
    process = ground.start(words, env={"PYTHONPATH": str(ROOT)}, log=log)
    end = time.monotonic() + DEADLINE
    while "ready" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end
        time.sleep(0.02)  # its word is a line in a file
    try:
        yield zone
    finally:
        stop(process)


def write_zone(zone: Path, address: str) -> None:
    new = zone.with_suffix(".new")
    new.write_text(f"{HOST}. 60 IN A {address}\n{HOST}. 60 IN NS ns.lab.test.\nns.lab.test. 60 IN A {names.ADDRESS}\n")
    new.replace(zone)


@contextlib.contextmanager
def wrong_dns(edge: Edge) -> Iterator[None]:
    """The name leads to another machine."""
    write_zone(edge.zone, ELSEWHERE)
    try:
        yield
    finally:
        write_zone(edge.zone, ADDRESS)


def another_clock(*, days: int) -> dict[str, str]:
    """The environment in which a process lives so many days later."""
    return {"LD_PRELOAD": str(library("libfaketime.so.1")), "FAKETIME": f"+{days}d", "DONT_FAKE_MONOTONIC": "1"}


def explained(edge: Edge) -> dict[str, Any]:
    """The first broken link of the walk to the registry."""
    done = edge.stack.run("explain", f"https://{HOST}/v2/", "--json", *edge.looking)
    assert done.returncode == 1, done.stdout + done.stderr
    return next(link for link in json.loads(done.stdout)["links"] if link["state"] == "broken")


def test_a_good_edge_is_good_and_each_fault_has_its_name(edge: Edge, proof: bool) -> None:
    stack = edge.stack
    good = edge.green("--push", "--push-size", "3MiB")
    assert (good.code, good.bad) == (0, set()), good.report
    assert good.report["ok"] is True
    assert edge.stack.edgegen("verify", "--ca-file", str(stack.root), code=4).stdout, "no credentials: could not tell"
    without = stack.edgegen("verify", *edge.looking, code=4).stdout
    assert "Use `--no-login` to skip the login" in without, "the same edge without a login at hand"
    stack.edgegen("verify", "--no-login", *edge.looking)
    each_fault_of_a_file_has_its_name(edge)
    a_slow_upload_is_cut_and_said_so(edge, proof)
    broken.mend(stack)
    each_fault_of_the_world_has_its_name(edge)
    wait_for_certificate(stack.ground, HOST)
    assert edge.green("--push").code == 0, "something stayed broken"


def each_fault_of_a_file_has_its_name(edge: Edge) -> None:
    stack = edge.stack
    broken.label_typo(stack)
    seen = edge.until("no-router")
    assert seen.bad == {"no-router"}, seen.report
    first = explained(edge)
    assert first["link"] == "router"
    assert "certresolvers" in first["message"]
    broken.redirection_without_to(stack)
    seen = edge.until("redirect-missing")
    assert seen.bad == {"redirect-missing"}, seen.report
    broken.htpasswd_missing(stack)
    seen = edge.until("registry-credentials-refused")
    assert seen.bad == {"registry-credentials-refused"}, seen.report
    broken.registry_without_auth(stack)
    seen = edge.until("registry-open", alone=False)
    assert {item["severity"] for item in seen.report["findings"] if item["verdict"] == "registry-open"} == {"critical"}
    broken.dashboard_opened(stack)
    seen = edge.until("api-exposed", alone=False)
    assert seen.bad & {"api-exposed", "dashboard-exposed"}


def each_fault_of_the_world_has_its_name(edge: Edge) -> None:
    stack = edge.stack
    with wrong_dns(edge):
        assert "dns-wrong-address" in edge.until("dns-wrong-address", alone=False).bad
        assert explained(edge)["link"] == "dns"
    with broken.container_down(stack):
        seen = edge.until("no-router")
        assert seen.bad == {"no-router"}, seen.report
        assert explained(edge)["link"] == "container"
    seen = edge.verify(env=another_clock(days=2_200))
    assert seen.code == 1
    assert "cert-expired" in seen.bad
    default_certificate.take_back(stack.dynamic)
    with broken.acme_store_open(stack):
        assert "traefik-default-cert" in edge.until("traefik-default-cert", alone=False).bad
        assert "600" in explained(edge)["message"]


def a_slow_upload_is_cut_and_said_so(edge: Edge, proof: bool) -> None:
    """By Traefik's own default of 60 seconds in the proof, by a shorter limit in the usual run."""
    limit, slow = (None, 65) if proof else (4, 7)
    broken.read_timeout(edge.stack, limit)
    seen = edge.green()
    assert seen.code == 0, seen.report
    seen = edge.verify("--push-slow", str(slow))
    assert (seen.code, seen.bad) == (1, {"push-read-timeout"}), seen.report
