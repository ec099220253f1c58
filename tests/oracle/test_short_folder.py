"""Where temporary files lie deep, a Traefik still reaches its engine: `lint --with-traefik` ended as a bug."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from edgegen.oracle.ask import ask
from edgegen.oracle.question import Container, Flags, Question
from edgegen.oracle.short_folder import SOCKET, short_folder
from tests.traefik.process import BINARY

FLAGS = Flags(("--entrypoints.web.address=:80", "--providers.docker=true"))


def deep(tmp_path: Path, length: int) -> str:
    """A folder whose path is so long."""
    folder = Path(f"{tmp_path}/{'d' * (length - len(str(tmp_path)) - 1)}")
    folder.mkdir()
    return str(folder)


@pytest.mark.parametrize(("length", "is_there"), [(50, True), (70, True), (90, False), (200, False)])
def test_a_socket_has_a_place(monkeypatch: pytest.MonkeyPatch, length: int, is_there: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="deep-", dir="/tmp") as root:
        there = deep(Path(root), length)
        monkeypatch.setattr(tempfile, "tempdir", there)
        with short_folder("oracle-") as folder, socket.socket(socket.AF_UNIX) as sock:
            sock.bind(f"{folder}/{SOCKET}")
            assert folder.startswith(there) is is_there
        assert not os.path.lexists(folder)


@pytest.mark.slow
def test_traefik_is_asked_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", deep(tmp_path, 200))
    answer = ask(Question("p", static=FLAGS, containers=(Container("web", {}, ("default",)),)), BINARY)
    assert answer.is_complete
