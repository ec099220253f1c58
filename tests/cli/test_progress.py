"""What takes over a second says so on a terminal, and is gone when something else is said."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest

from edgegen.cli import app, progress
from edgegen.cli.console import ERASE, Console
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
    with working("thinking"):
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
    process.communicate(timeout=60)
    return seen


def test_a_line_is_there_and_gone() -> None:
    seen = on_a_terminal([sys.executable, "-c", SLOW], b"thinking, ")
    assert seen.endswith(b"\r\x1b[Ka note\r\nend\r\n")


def test_a_bar_says_what_it_waits_for() -> None:
    seen = on_a_terminal([sys.executable, "-c", SLOW, "bar"], b"waiting for things, ")
    assert b"1/2 things" in seen
    assert seen.endswith(b"\r\x1b[Kend\r\n")


@pytest.mark.parametrize("word", ["-q", "--json"])
def test_nothing_is_said_where_nobody_wants_it(word: str) -> None:
    """With these no thread is started at all, so there is nothing to wait for."""
    seen = on_a_terminal([sys.executable, "-c", SLOW, word], b"")
    assert b"thinking" not in seen


def test_there_is_no_line_where_a_terminal_cannot_erase() -> None:
    """An editor's shell, and some CI runners."""
    seen = on_a_terminal([sys.executable, "-c", SLOW, "bar"], b"", {**os.environ, "TERM": "dumb"})
    assert seen == b"end\r\n"


def test_what_is_missing_has_a_line_for_each_change_where_nothing_can_be_erased() -> None:
    seen = on_a_terminal([sys.executable, "-c", INSIDE, "until"], b"and more", {**os.environ, "TERM": "dumb"})
    assert b"\x1b" not in seen
    assert seen.startswith(b"1 of 3 good, waiting for b, c\r\n2 of 3 good, waiting for c and more")


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


INSIDE = """
import sys, threading
from edgegen.cli import app
from edgegen.system.waiting import waiting_for, waiting_until
app._show_waiting()
gate = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), gate.set()), daemon=True).start()
if "until" in sys.argv:
    with waiting_until() as missing, waiting_for("an inner matter"):
        missing("1 of 3 good, waiting for b, c", 65)
        missing("1 of 3 good, waiting for b, c", 64)
        missing("2 of 3 good, waiting for c" + " and more" * 20, 9.2)
        gate.wait()
else:
    with waiting_for("the outer matter"), waiting_for("the inner matter"):
        gate.wait()
print("end", file=sys.stderr)
"""


def test_the_innermost_is_named() -> None:
    seen = on_a_terminal([sys.executable, "-c", INSIDE], b"the inner matter, ")
    assert b"outer" not in seen
    assert seen.endswith(b"\r\x1b[Kend\r\n")


def test_what_is_missing_is_one_line_that_is_rewritten_and_fits() -> None:
    seen = on_a_terminal([sys.executable, "-c", INSIDE, "until"], b"and more")
    first = rb"\r1m[0-5]s left: 1 of 3 good, waiting for b, c\x1b\[K"  # a busy machine takes a second or two
    assert re.match(first + first, seen)
    assert b"inner" not in seen
    assert b"\n" not in seen.removesuffix(b"end\r\n")
    shown = [line.removesuffix("\x1b[K") for line in seen.decode().split("\r") if "left" in line]
    assert {len(line) for line in shown if "more" in line} == {79}  # a terminal that does not know its width has 80
    assert re.match(r"\ds left: 2 of 3 good, waiting for c and more", shown[-1])
    assert shown[-1].endswith("…")
    assert seen.endswith(b"\r\x1b[Kend\r\n")


def test_in_a_pipe_there_is_a_line_for_each_change_of_what_is_missing() -> None:
    done = subprocess.run([sys.executable, "-c", INSIDE, "until"], input=b"\n", capture_output=True, check=True)
    lines = done.stderr.decode().splitlines()
    assert lines[:1] == ["1 of 3 good, waiting for b, c"]
    assert [line[:26] for line in lines[1:]] == ["2 of 3 good, waiting for c", "end"]


def test_an_api_that_can_not_be_reached_is_named_while_it_is_asked_again(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(
        "name: a\ndns: {owner: a-abcdefgh}\ndomains: {example.com: {addresses: [192.0.2.1]}}\n"
        'services: {web: {image: "web:1", port: 80, host: www.example.com}}\n'
    )
    words = [sys.executable, "-m", "edgegen", "dns", "plan", "-C", str(tmp_path)]
    given = {"CLOUDFLARE_BASE_URL": "http://127.0.0.1:9", "CLOUDFLARE_API_TOKEN": "abc", "PATH": "/", "HOME": "/"}
    said = b"127.0.0.1 did not answer, asking again"
    seen = on_a_terminal(words, said, given, signal.SIGINT)
    assert re.match(rb" \([2-4] of 4\)", seen.partition(said)[2])
    assert seen.endswith(b"\r\x1b[Kinterrupted: nothing was changed\r\n")


@pytest.mark.parametrize("at", ["the end of the wait", "once it is shown"])
def test_an_interrupt_at_any_moment_leaves_no_line(
    at: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line is written by another thread, perhaps just while this one has stopped waiting."""
    monkeypatch.setattr(progress, "_shown", lambda: True)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    def wait() -> None:
        with progress.working("waiting for a"):
            progress._LINE.show()
            if at == "once it is shown":
                raise KeyboardInterrupt
            monkeypatch.setattr(threading.Thread, "join", interrupted)

    with pytest.raises(KeyboardInterrupt):
        wait()
    assert capsys.readouterr().err == f"\rwaiting for a{ERASE}\r{ERASE}"


def test_the_last_words_are_where_the_line_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Console, "has_status_line", True)
    assert app._stopped([], KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == f"\r{ERASE}interrupted: nothing was changed\n"


@pytest.mark.parametrize("text", ["waiting for " + "x" * 90, "waiting for " + "网站" * 30, "网" * 200])
def test_a_line_never_wraps(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a line that wraps, only the last row could be erased. Wide characters take two columns."""
    monkeypatch.setattr(progress, "real_columns", lambda _: 60)
    shown = progress._fitting(text)
    assert shown.endswith("…")
    assert 57 <= sum(1 + (unicodedata.east_asian_width(char) == "W") for char in shown) <= 59
