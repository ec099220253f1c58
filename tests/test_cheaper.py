"""What is made cheaper does what it did: output is caught, and no test reaches the network."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from _pytest.capture import FDCapture
from pytest_socket import SocketConnectBlockedError

from tests import cheaper

ROOT = Path(__file__).parents[1]
ELSEWHERE = ("192.0.2.1", 9)
PLANTED = f"""\
import os, socket

def test_writes_and_fails():
    print("by Python")
    os.write(1, b"by its number")
    assert False

def test_reaches_the_network():
    socket.socket().connect({ELSEWHERE})

def test_is_quiet():
    pass
"""


def test_each_part_is_read_once(tmp_path: Path) -> None:
    number = os.open(tmp_path / "shown", os.O_CREAT | os.O_RDWR)
    capture = FDCapture(number)
    capture.start()
    assert cheaper.read_what_is_there(capture) == ""
    for said in ("one", "two, longer", "\u00fc"):
        os.write(number, said.encode())
        assert cheaper.read_what_is_there(capture) == said
        assert cheaper.read_what_is_there(capture) == ""
    capture.done()
    os.close(number)
    assert (tmp_path / "shown").read_bytes() == b""


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_each_list_of_hosts_has_its_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    unguarded = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", unguarded)  # put back at the end
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = server.getsockname()
        for _ in range(2):
            for hosts, allowed in (("127.0.0.0/8,::1", True), (["::1"], False), (["127.0.0.1"], True)):
                socket.socket.connect = unguarded  # type: ignore[method-assign]
                cheaper.guard(hosts)
                with socket.socket() as client, pytest.raises(SocketConnectBlockedError):
                    client.connect(here if not allowed else ELSEWHERE)
                if allowed:
                    with socket.socket() as client:
                        client.connect(here)


@pytest.mark.slow
def test_a_worker_catches_output_and_guards_the_network(tmp_path: Path) -> None:
    (tmp_path / "test_planted.py").write_text(PLANTED)
    words = (
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.conftest",
        "-m",
        "not lab and not slow",
        "-n",
        "1",
        "--dist",
        "loadgroup",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "-c", ROOT / "pyproject.toml", tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert "Captured stdout call" in done.stdout, done.stdout + done.stderr
    assert "by Python\nby its number" in done.stdout
    assert "SocketConnectBlockedError" in done.stdout
    assert "2 failed, 1 passed" in done.stdout
