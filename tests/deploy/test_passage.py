"""What a child writes reaches our stderr as the child means it, and its end is kept."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
from pathlib import Path

import pytest

from edgegen.deploy.command import Command
from edgegen.deploy.passage import Passage
from edgegen.deploy.runner import Runner
from tests.terminal import program_on_terminal

TOLD = """
import sys
from edgegen.deploy.command import Command
from edgegen.deploy.runner import Runner
result = Runner().stream(Command((sys.executable, "-c", sys.argv[1]), timeout=None), to_stderr=True)
print("code", result.returncode, "kept", repr(result.stderr[-60:]))
"""


def test_both_outputs_arrive_in_their_order(capfd: pytest.CaptureFixture[str]) -> None:
    code = "import os; [os.write(at % 2 + 1, b'%d\\n' % at) for at in range(500)]; os._exit(7)"
    result = Runner().stream(Command((sys.executable, "-c", code)), to_stderr=True)
    said = "".join(f"{at}\n" for at in range(500))
    assert capfd.readouterr() == ("", said)
    assert (result.returncode, result.stdout, result.stderr) == (7, "", said)


def test_of_much_only_the_last_is_kept(capfd: pytest.CaptureFixture[str]) -> None:
    code = "import sys; [print('x' * 99) for _ in range(9999)]; print('Error: \\u00e9nd')"
    result = Runner().stream(Command((sys.executable, "-X", "utf8", "-c", code)), to_stderr=True)
    assert len(capfd.readouterr().err) == 9999 * 100 + len("Error: \u00e9nd\n")
    assert result.stderr.endswith("x\nError: \u00e9nd\n")
    assert len(result.stderr) < 20_000


def test_nothing_is_lost_where_writing_does_not_wait() -> None:
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    got: list[bytes] = []

    def read() -> None:
        while select.select((), (theirs,), (), 0)[1]:  # until the pipe is full
            os.sched_yield()
        with os.fdopen(ours, "rb") as stream:
            got.append(stream.read())

    with Passage(theirs) as passage:
        os.write(passage.theirs, b"x" * 60_000)
        reader = threading.Thread(target=read)
        reader.start()
        for _ in range(20):
            os.write(passage.theirs, b"y" * 60_000)
    os.close(theirs)
    reader.join()
    assert [len(text) for text in got] == [21 * 60_000]


@pytest.mark.slow
def test_nothing_is_lost_where_nobody_reads_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that is paused, or `| less`: the child has ended long before all of it has arrived."""
    monkeypatch.setattr("edgegen.deploy.passage._LAST", 0.05)
    ours, theirs = os.pipe()
    whole, got, waited = b"x" * 100_000, bytearray(), []
    real = threading.Thread.join

    def join(thread: threading.Thread, timeout: float | None = None) -> None:
        real(thread, timeout)
        waited.append(timeout)
        if len(waited) > 3:  # now somebody reads
            while len(got) < len(whole) and select.select([ours], [], [], 60)[0]:
                got.extend(os.read(ours, 1 << 16))

    with Passage(theirs) as passage:
        writer = threading.Thread(target=os.write, args=(passage.theirs, whole))
        writer.start()
        real(writer)
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "join", join)
            kept = passage.end()
    os.close(theirs)
    os.close(ours)
    assert (bytes(got), len(kept)) == (whole, 1 << 14)


def test_a_terminal_stays_one(tmp_path: Path) -> None:
    """Its width as well, and a line's end is not doubled; colours are not kept."""
    code = (
        "import os, sys; print('\\x1b[31mred\\x1b[0m', [os.isatty(at) for at in (1, 2)], "
        "os.get_terminal_size(2).columns, os.isatty(0))"
    )
    seen = program_on_terminal([sys.executable, "-c", TOLD, code], 77, cwd=tmp_path)
    lines = seen.raw.splitlines()
    assert lines == [
        "\x1b[31mred\x1b[0m [True, True] 77 False",
        "code 0 kept 'red [True, True] 77 False\\n'",
    ]


def test_a_machine_without_another_terminal(tmp_path: Path) -> None:
    """All are in use, or there is no /dev/pts: the child runs without one."""
    lacking = f"import os, sys\ndef none(): raise OSError('out of pty devices')\nos.openpty = none\n{TOLD}"
    code = "import os; print('red', os.isatty(2))"
    seen = program_on_terminal([sys.executable, "-c", lacking, code], 77, cwd=tmp_path)
    assert seen.raw.splitlines() == ["red False", "code 0 kept 'red False\\n'"]


def test_a_terminal_that_is_resized(tmp_path: Path) -> None:
    """The child asks for the new size as soon as it has written the next line."""
    code = (
        "import os\nold = os.get_terminal_size(2).columns\nprint(old, flush=True)\n"
        "while (now := os.get_terminal_size(2).columns) == old: print(end='.', flush=True)\nprint(now)"
    )
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 77, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-c", TOLD, code], stdout=subprocess.PIPE, stderr=theirs, cwd=tmp_path
    ) as child:
        os.close(theirs)
        seen = os.read(ours, 99)
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 55, 0, 0))
        while b"55" not in seen:
            seen += os.read(ours, 4096)
        child.communicate(timeout=60)
    os.close(ours)
    assert child.returncode == 0


def test_a_reader_that_leaves_does_not_end_the_child(tmp_path: Path) -> None:
    code = "import sys; [print('x' * 999, flush=True) for _ in range(999)]; open('done', 'w').close()"
    with subprocess.Popen(
        [sys.executable, "-c", TOLD, code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as ours:
        assert ours.stderr is not None
        ours.stderr.close()
        out, _ = ours.communicate(timeout=60)
    assert out.startswith(b"code 0")
    assert (tmp_path / "done").exists()


@pytest.mark.slow
@pytest.mark.parametrize("on_terminal", [True, False])
def test_a_child_that_has_much_to_say_when_it_is_interrupted(tmp_path: Path, *, on_terminal: bool) -> None:
    """Nobody to read it would block it, until it was killed."""
    code = (
        "import os, signal, sys\n"
        "def end(*_):\n"
        "    [print('bye' * 99, flush=True) for _ in range(3000)]\n"
        "    open('ended', 'w').close()\n"
        "    os._exit(130)\n"
        "signal.signal(signal.SIGINT, end)\nprint('ready', flush=True)\nsignal.pause()"
    )
    ours, theirs = os.openpty() if on_terminal else os.pipe()
    with subprocess.Popen([sys.executable, "-c", TOLD, code], stderr=theirs, cwd=tmp_path) as child:
        os.close(theirs)
        assert os.read(ours, 99).startswith(b"ready")
        child.send_signal(signal.SIGINT)
        try:
            while os.read(ours, 65536):
                pass
        except OSError:  # a terminal that nobody has open any more
            pass
        child.wait(60)
    os.close(ours)
    assert (tmp_path / "ended").exists()


@pytest.mark.slow
def test_what_a_grandchild_goes_on_saying_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgegen.deploy.passage._LAST", 0.05)
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as reader, Passage(theirs) as passage:
        threading.Thread(target=lambda: [None for _ in reader], daemon=True).start()
        held = os.dup(passage.theirs)
        stop = threading.Event()
        endless = threading.Thread(target=lambda: [os.write(held, b"more\n") for _ in iter(stop.is_set, True)])
        endless.start()
        passage.end()
        stop.set()
        endless.join()
        os.close(held)
        os.close(theirs)


def test_what_a_grandchild_holds_open_is_not_waited_for(capfd: pytest.CaptureFixture[str]) -> None:
    code = (
        "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()']).pid)"
    )
    result = Runner().stream(Command((sys.executable, "-c", code)), to_stderr=True)
    os.kill(int(result.stderr), signal.SIGKILL)
    assert result.ok
