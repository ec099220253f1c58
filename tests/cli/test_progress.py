"""What takes over a second says so on a terminal, and is gone when something else is said."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.docker_cli import FakeDocker, a_healthy_world

pytestmark = pytest.mark.slow

SLOW = """
import sys, threading
from edgegen.cli import console
from edgegen.cli.console import Console
from edgegen.cli.progress import progress_bar, working
Console.quiet, Console.as_json = "-q" in sys.argv, "--json" in sys.argv
gate = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), gate.set()), daemon=True).start()
if "bar" in sys.argv:
    with progress_bar("things", "waiting for things") as show:
        gate.wait()
        show(1, 2)
else:
    with working("thinking"), working("never said"):
        gate.wait()
        console.note("a note")
print("end", file=sys.stderr)
"""


def on_a_terminal(words: list[str], until: bytes, env: dict[str, str] | None = None, sign: int = 0) -> bytes:
    """What a terminal shows; the process is told to go on (or gets `sign`) as soon as `until` is there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=theirs, env=env)
    os.close(theirs)
    seen, told = b"", False
    while True:
        if until in seen and not told:
            told = True
            if sign:
                process.send_signal(sign)
            else:
                assert process.stdin is not None
                process.stdin.write(b"\n")
                process.stdin.flush()
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        seen += part
    os.close(ours)
    process.communicate(timeout=30)
    return seen


def test_a_line_is_there_and_gone() -> None:
    seen = on_a_terminal([sys.executable, "-c", SLOW], b"thinking (1 s)")
    assert b"\r\x1b[Ka note\r\n" in seen
    assert b"never said" not in seen
    assert seen.endswith(b"\r\x1b[Kend\r\n")


def test_a_bar_says_what_it_waits_for() -> None:
    seen = on_a_terminal([sys.executable, "-c", SLOW, "bar"], b"waiting for things (1 s)")
    assert b"1/2 things" in seen
    assert seen.endswith(b"\r\x1b[Kend\r\n")


@pytest.mark.parametrize("word", ["-q", "--json"])
def test_nothing_is_said_where_nobody_wants_it(word: str) -> None:
    """With these no thread is started at all, so there is nothing to wait for."""
    seen = on_a_terminal([sys.executable, "-c", SLOW, word], b"")
    assert b"thinking" not in seen


def test_nothing_is_said_without_a_terminal() -> None:
    done = subprocess.run([sys.executable, "-c", SLOW], input=b"\n", capture_output=True, check=True)
    assert done.stderr == b"a note\nend\n"


def test_an_engine_that_does_not_answer_is_named(tmp_path: Path) -> None:
    home = tmp_path / "bin"
    home.mkdir()
    world = FakeDocker(home)
    a_healthy_world(world)
    world.answer("ps --all", hang=True)
    (tmp_path / "docker-compose.yml").write_text("name: shop\n")
    words = [sys.executable, "-m", "edgegen", "status", "-C", str(tmp_path)]
    environment = {"PATH": str(home), "HOME": str(tmp_path)}
    seen = on_a_terminal(words, b"waiting for `docker compose", environment, signal.SIGINT)
    assert b"interrupted: nothing was changed" in seen
