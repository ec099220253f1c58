"""Whatever ends the asking process, no Traefik is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections import deque
from contextlib import suppress
from pathlib import Path

import pytest

from edgegen.core.errors import OutsideError
from edgegen.oracle import process
from tests.traefik.process import BINARY

PARENT = """
import sys, tempfile
from pathlib import Path
from edgegen.oracle.process import running
with tempfile.TemporaryDirectory() as folder:
    argv = [sys.argv[1], "--entrypoints.web.address=127.0.0.1:0", "--global.checknewversion=false"]
    with running(argv, Path(folder), api_port=0) as traefik:
        print(traefik.process.pid, flush=True)
        traefik.process.wait()
"""


@pytest.mark.quick(1)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_the_one_who_asked(number: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(BINARY)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    gone = os.pidfd_open(child)
    for _ in range(12):
        parent.send_signal(number)
        with suppress(subprocess.TimeoutExpired):  # Python loses one in a destructor: press again
            parent.wait(5)
            break
    assert parent.poll() is not None
    parent.stdout.close()
    _ended(gone)


def test_it_ends_with_an_error() -> None:
    argv = [BINARY, "--entrypoints.web.address=127.0.0.1:0", "--global.checknewversion=false"]
    with (
        pytest.raises(KeyError),
        tempfile.TemporaryDirectory() as folder,
        process.running(argv, Path(folder), api_port=0) as traefik,
    ):
        raise KeyError
    assert traefik.process.poll() is not None


def _ended(descriptor: int) -> None:
    """A pidfd is readable as soon as its process has ended."""
    import select

    ready, _, _ = select.select([descriptor], [], [], 60)
    os.close(descriptor)
    assert ready


@pytest.mark.slow
def test_what_is_no_program_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="can't be started"), process.running(["x\0y"], tmp_path, api_port=0):
        raise AssertionError
    file = tmp_path / "traefik"
    file.write_text("#!/bin/sh\nsleep 60\n")
    file.chmod(0o755)
    with pytest.raises(OutsideError, match=r"did not end within 0\.2 seconds"):
        process.printed([file], tmp_path, seconds=0.2)


def test_what_is_not_there_is_said_in_a_line(tmp_path: Path) -> None:
    assert process.printed([tmp_path / "none"], tmp_path) == (1, [f"{tmp_path / 'none'}: No such file or directory"])


def test_it_has_no_variables_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAEFIK_FOO", "1")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid")
    code, lines = process.printed(["env"], tmp_path)
    assert code == 0 and {line.split("=")[0] for line in lines} - {"LC_CTYPE"} == {"PATH"}


def test_a_variable_of_any_name_arrives(tmp_path: Path) -> None:
    """Names of entrypoints and resolvers have hyphens: a shell on the way would drop such a variable."""
    given = {"TRAEFIK_ENTRYPOINTS_WEB-SECURE_ADDRESS": ":1", "a.b": "ü"}
    _, lines = process.printed(["env"], tmp_path, environment=given)
    assert {f"{name}={value}" for name, value in given.items()} <= set(lines)


def test_it_does_not_begin_after_the_one_who_asked_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill can fall between the fork and the child's wish to die with its parent, which is another one by then."""
    assert process.printed(["echo", "begun"], tmp_path) == (0, ["begun"])
    monkeypatch.setattr(os, "getpid", lambda: 1)
    assert process.printed(["echo", "begun"], tmp_path) == (0, [])


def test_no_two_entrypoints_get_one_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of twenty thousand: with a dozen for each question, one in three hundred would not start."""
    first, second = process.free_port(), process.free_port()
    monkeypatch.setattr(process, "_DRAWN", deque([first]))
    drawn = iter([first, first, second])
    monkeypatch.setattr("secrets.choice", lambda _: next(drawn))
    assert process.free_port() == second
