"""`doctor` on a real engine: before anything runs, while the project holds its ports, and when a stranger does."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.lab.ground import stop
from tests.lab.images import ensure
from tests.lab.stack import Stack

APP = "lab/app:1"
SPEC = """\
name: lab
services:
  web: {image: "lab/app:1"}
edge: {docker_socket: direct, bind: 127.0.0.1, ports: {web: 18080, websecure: 18443}}
"""
NOWHERE = ("--clock", "http://127.0.0.1:1/", "--resolver", "127.0.0.1:1")


def examined(stack: Stack, code: int) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for item in json.loads(stack.edgegen("doctor", "--json", *NOWHERE, code=code).stdout)["findings"]:
        found.setdefault(item["name"], []).append((item["outcome"], item["message"]))
    return found


def test_a_machine_and_its_ports(stack: Stack, tmp_path: Path) -> None:
    ensure(stack.ground, APP)
    stack.write(SPEC)
    before = examined(stack, 1)  # nobody answers at the resolver that it is given
    assert before["engine"][0][0] == "pass"
    assert before["engine"][0][1].startswith("Docker Engine ")
    assert before["compose"][0][0] == before["traefik"][0][0] == "pass"
    assert [outcome for outcome, _ in before["ports"]] == ["pass", "pass"]
    assert "is free" in before["ports"][0][1]
    assert (before["clock"][0][0], before["resolver"][0][0]) == ("unknown", "fail")

    stack.render()
    stack.up()
    assert {message for _, message in examined(stack, 1)["ports"]} == {
        f"port {port}/tcp (127.0.0.1) is held by this project's own `lab-traefik-1`" for port in (18080, 18443)
    }
    stack.edgegen("down")

    words = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "18080")
    holder = stack.ground.start(words, log=tmp_path / "log")
    try:
        ports = examined(stack, 1)["ports"]
        while ports[0][0] != "fail":  # it takes a moment to listen
            assert holder.poll() is None
            ports = examined(stack, 1)["ports"]
    finally:
        stop(holder)
    assert ports[0][1].startswith("port 18080/tcp (127.0.0.1) is held by python")
