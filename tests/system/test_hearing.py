"""What a signal does before a command, in it, and when its last words are said."""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from edgegen.system.hearing import Hearing
from edgegen.system.stop import Interrupted

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def hearing() -> Iterator[Hearing]:
    made = Hearing()
    made.begin()
    yield made
    made.leave()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_interrupts(hearing: Hearing, number: int) -> None:
    with pytest.raises(Interrupted) as told:
        signal.raise_signal(number)
    assert (told.value.signal, hearing.heard) == (number, told.value)


def test_leaving_restores_everything() -> None:
    before, hook = [signal.getsignal(number) for number in NUMBERS], sys.unraisablehook
    made = Hearing()
    made.begin()
    assert [signal.getsignal(number) for number in NUMBERS] != before
    made.leave()
    assert ([signal.getsignal(number) for number in NUMBERS], sys.unraisablehook) == (before, hook)


def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    made = Hearing()
    try:
        made.begin()
        signal.raise_signal(signal.SIGHUP)
        made.end()
        signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        made.leave()
        signal.signal(signal.SIGHUP, before)


def test_the_last_words_are_not_cut_by_one_signal_but_by_the_next(hearing: Hearing) -> None:
    hearing.end()
    signal.raise_signal(signal.SIGTERM)
    assert [signal.getsignal(number) for number in NUMBERS] == [signal.SIG_DFL] * 3


class Freed:
    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


def test_one_that_python_would_print_and_forget_comes_again(
    hearing: Hearing, capsys: pytest.CaptureFixture[str]
) -> None:
    freed = Freed()
    with pytest.raises(Interrupted) as told:
        del freed
        gc.collect()
        until = time.monotonic() + 10
        while time.monotonic() < until:
            time.sleep(0.01)
    assert told.value.signal == signal.SIGTERM
    assert "ignored" not in capsys.readouterr().err


def test_one_that_would_come_again_does_not_kill_what_has_ended(
    hearing: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python has given its handlers up by then, and an alarm that nobody handles ends a process."""
    monkeypatch.setattr("edgegen.system.hearing._AGAIN", 3600.0)  # it must not come before the test has ended
    freed = Freed()
    del freed
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 1800, "that of a time limit for tests is shorter"
    hearing.end()
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


_EARLY = """
import importlib.abc, signal, sys
class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "edgegen.cli.app":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.argv = ["edgegen", "schema"]
from edgegen.__main__ import main
main()
"""
_LATE = """
import gc, signal, sys
import edgegen.__main__ as module
real = gc.freeze
def freeze():
    signal.raise_signal(signal.SIGINT)
gc.freeze = freeze
sys.argv = ["edgegen", "rules"]
module.main()
"""
_OPTIONS = """
import signal, sys
from edgegen.cli import app
class Group(app.LazyGroup):
    def make_context(self, *more, **named):
        signal.raise_signal(signal.SIGTERM)
        return super().make_context(*more, **named)
app.app.info.cls = Group
sys.exit(app.run(["rules"]))
"""

_QUESTION = """
import signal, sys, typer
from edgegen.cli import app
class Group(app.LazyGroup):
    def invoke(self, ctx):
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            raise typer.Abort from None
app.app.info.cls = Group
sys.exit(app.run(["rules"]))
"""
_LOCK = """
import signal, sys
from edgegen.cli import app
class Group(app.LazyGroup):
    def invoke(self, ctx):
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            raise RuntimeError("cannot release un-acquired lock")
app.app.info.cls = Group
sys.exit(app.run(["rules"]))
"""
_TERMINATED = "terminated: nothing was changed\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        (_EARLY, -signal.SIGINT, ""),
        (_LATE, -signal.SIGINT, ""),
        (_OPTIONS, 143, _TERMINATED),
        (_QUESTION, 143, _TERMINATED),
        (_LOCK, 143, _TERMINATED),
    ],
    ids=["before the command", "after it", "while options are read", "at a question", "in a lock of Python"],
)
def test_there_is_no_traceback(script: str, code: int, said: str) -> None:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (code, said)
