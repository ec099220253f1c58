"""A program is silent when it has had its turn and said nothing, and not when a busy machine gave it none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edgegen.oracle import process, turn
from edgegen.oracle.process import running

SPINS = "import threading\nprint(flush=True)\nwhile True: pass"
SLEEPS = "import signal\nprint(flush=True)\nsignal.pause()"
ONE_THREAD_SPINS = (
    f"import threading\nthreading.Thread(target=exec, args=({SPINS!r},)).start()\nthreading.Event().wait()"
)


@contextmanager
def started(code: str) -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        try:
            yield child.pid
        finally:
            child.kill()


def until(pid: int, rests: bool) -> bool:
    """Whether that comes to be: a program that sleeps has first to get there."""
    return any(turn.is_at_rest(pid) is rests for _ in range(1_000_000))


@pytest.mark.slow
@pytest.mark.parametrize(("code", "rests"), [(SLEEPS, True), (SPINS, False), (ONE_THREAD_SPINS, False)])
def test_who_waits_for_a_processor_is_not_at_rest(code: str, rests: bool) -> None:
    with started(code) as pid:
        assert until(pid, rests)


@pytest.mark.slow
def test_who_was_stopped_is_not_at_rest() -> None:
    with started(SLEEPS) as pid:
        os.kill(pid, signal.SIGSTOP)
        os.waitid(os.P_PID, pid, os.WSTOPPED)
        assert not turn.is_at_rest(pid)


@pytest.mark.slow
def test_what_it_has_used_grows() -> None:
    with started(SPINS) as pid:
        before = turn.worked(pid)
        assert any(turn.worked(pid) > before for _ in range(10_000_000))


def test_where_the_system_can_not_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(turn, "_PROC", tmp_path)
    assert turn.is_at_rest(os.getpid())
    assert turn.worked(os.getpid()) == 0


@pytest.mark.slow
def test_a_line_that_comes_late_on_a_busy_machine_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is stopped after its first line, as one that gets no processor; after three looks it goes on."""
    looks: list[bool] = []
    real = turn.is_at_rest

    def look(pid: int) -> bool:
        looks.append(real(pid))
        if len(looks) == 3:
            os.kill(pid, signal.SIGCONT)
        return looks[-1]

    monkeypatch.setattr(process, "is_at_rest", look)
    script = "echo first; kill -STOP $$; echo last; exec sleep 600"
    with running(["sh", "-c", script], tmp_path, api_port=0) as traefik:
        with traefik.grew:
            assert traefik.grew.wait_for(lambda: bool(traefik.log), timeout=60)
        os.waitid(os.P_PID, traefik.process.pid, os.WSTOPPED | os.WNOWAIT)
        traefik.until_silent(0.05, at_most=60)
        assert traefik.log == ["first", "last"]
    assert looks[:3] == [False] * 3


@pytest.mark.slow
def test_who_works_without_a_word_is_silent_after_its_turn(tmp_path: Path) -> None:
    """As a Traefik that makes a key: it is not waited for to the end."""
    ended = threading.Event()
    with running([sys.executable, "-c", SPINS], tmp_path, api_port=0) as traefik:
        waiting = threading.Thread(target=lambda: (traefik.until_silent(0.05, at_most=600), ended.set()))
        waiting.start()
        assert ended.wait(60)
