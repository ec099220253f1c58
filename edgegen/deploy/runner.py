"""The one place that starts other programs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from edgegen.core.errors import OutsideError
from edgegen.core.show import shown
from edgegen.deploy.command import Command, Environment, Result
from edgegen.deploy.dialogue import Dialogue
from edgegen.deploy.pump import Pump, TooMuchError
from edgegen.system.child import send, wait
from edgegen.system.os_errors import cause
from edgegen.system.stop import held

_GRACE = 10.0
"""Seconds that an interrupted child gets to end by itself: Compose's own default for a stop."""

_GOODBYE = 3.0
"""Seconds for a program that is only talked to: it has nothing to finish."""

_INSTALL = {
    "docker": "install Docker Engine and its client: https://docs.docker.com/engine/install/",
    "ssh": "install OpenSSH's client",
    "docker-compose": "install the Compose plugin: https://docs.docker.com/compose/install/",
}


class Executor(Protocol):
    """What runs commands."""

    def run(self, command: Command) -> Result:
        """Run to the end with both outputs captured."""

    def stream(self, command: Command, *, to_stderr: bool = False) -> Result:
        """Run to the end, with the outputs passed to this process's own; of those to stderr the last is kept."""

    def stream_all(self, commands: Sequence[Command]) -> list[Result]:
        """Run all of them at once, each to its end."""


Waiting = Callable[[str], AbstractContextManager[None]]


class Runner:
    """Runs commands. `environment` is added to each (DOCKER_HOST); `trace` gets each line before it runs.

    `waiting` shows which silent command is running.
    """

    def __init__(
        self, environment: Environment = (), trace: Callable[[str], None] | None = None, waiting: Waiting | None = None
    ) -> None:
        self._environment = environment
        self._trace = trace
        self._waiting = waiting or (lambda _: nullcontext())

    def run(self, command: Command) -> Result:
        """Run to the end with both outputs captured.

        Raises OutsideError if the program is missing, can't be started, takes longer than its timeout or prints
        more than the command asks for.
        """
        with self._waiting(_what(command)), self._started(command, subprocess.PIPE, subprocess.PIPE) as child:
            out, err = _finish(child, command)
        return Result(child.returncode, _text(out), _text(err))

    def stream(self, command: Command, *, to_stderr: bool = False) -> Result:
        """Run to the end, outputs passed through; `to_stderr` keeps the child's output out of our results.

        Raises as `run` does. KeyboardInterrupt reaches the caller once the child has ended.
        """
        sys.stdout.flush()
        if to_stderr:
            return self._pass_on(command)
        with self._started(command, None, None) as child:
            _finish(child, command)
        return Result(child.returncode)

    def _pass_on(self, command: Command) -> Result:
        """Both outputs to stderr; what came last is in the result, for who wants to know why the child failed."""
        from edgegen.deploy.passage import Passage  # only what changes something is passed on

        with Passage(_stderr()) as passage:
            with self._started(command, passage.theirs, passage.theirs) as child:
                _finish(child, command)
            return Result(child.returncode, stderr=passage.end())

    def stream_all(self, commands: Sequence[Command]) -> list[Result]:
        """Run all of them at once, outputs passed through, until the last one ends. Raises as `stream` does."""
        sys.stdout.flush()
        with ExitStack() as stack:
            children = [stack.enter_context(self._started(command, None, None)) for command in commands]
            return [Result(wait(child)) for child in children]

    @contextmanager
    def talk(self, command: Command) -> Iterator[Dialogue]:
        """A conversation with a program that answers line by line; it ends when its input closes.

        Raises OutsideError if the program can't be started.
        """
        with self._started(replace(command, stdin=""), subprocess.PIPE, subprocess.PIPE) as child:
            try:
                yield Dialogue(child)
            finally:
                _hang_up(child)

    @contextmanager
    def _started(self, command: Command, stdout: int | None, stderr: int | None) -> Iterator[subprocess.Popen[bytes]]:
        """The child, which ends when the block ends by an error: from its first moment, since nobody else knows it."""
        with held() as release, self._start(command, stdout, stderr) as child:
            try:
                release()
                yield child
            except BaseException:
                _let_go(child)
                raise

    def _start(self, command: Command, stdout: int | None, stderr: int | None) -> subprocess.Popen[bytes]:
        if self._trace:
            self._trace("+ " + command.line(self._environment))
        try:
            return subprocess.Popen(  # noqa: S603 - an argument list, and no shell
                command.argv,
                stdin=subprocess.DEVNULL if command.stdin is None else subprocess.PIPE,
                stdout=stdout,
                stderr=stderr,
                cwd=command.folder,
                env={**os.environ, **command.variables, **dict(self._environment)},
            )
        except OSError as error:
            raise _not_started(command, error) from None
        except ValueError:  # NUL, or half a character, in a word from outside
            raise OutsideError(f"`{shown(command.line(), 200)}` can't be started: a word of it is not text") from None


def _what(command: Command) -> str:
    """The command in a few words: with its options it would not fit on the line."""
    words = [Path(command.argv[0]).name, *(word for word in command.argv[1:] if word.isascii() and word.isalpha())]
    return f"waiting for `{' '.join(words[:4])}`"


def _stderr() -> int:
    sys.stderr.flush()
    try:
        return sys.stderr.fileno()
    except (OSError, ValueError):  # a captured stderr has no descriptor
        return 2


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _finish(child: subprocess.Popen[bytes], command: Command) -> tuple[bytes, bytes]:
    try:
        given = (command.stdin or "").encode("utf-8", "replace")
        return Pump(child, given, command.most, command.timeout).run()
    except subprocess.TimeoutExpired:
        _end(child)
        raise OutsideError(
            f"`{command.line()}` did not answer within {command.timeout:g} seconds",
            hint="is the engine busy, or the host of DOCKER_HOST unreachable?",
        ) from None
    except TooMuchError:
        _end(child)
        raise OutsideError(
            f"`{command.line()}` printed more than {command.most >> 20} MiB, and was stopped",
            hint=f"run it by hand to see what it prints; is `{command.argv[0]}` on PATH the right program?",
        ) from None


def _let_go(child: subprocess.Popen[bytes]) -> None:
    """A terminal's Ctrl-C reached the child too, a signal to only this process did not. Give it time, then insist.

    At a second signal it gets a last second: nobody else would end it.
    """
    try:
        for seconds, insist in ((1.0, signal.SIGINT), (_GRACE, signal.SIGTERM), (1.0, signal.SIGKILL)):
            with suppress(subprocess.TimeoutExpired):
                wait(child, seconds)
                return
            send(child, insist)
        wait(child)
    except BaseException:
        send(child, signal.SIGTERM)
        _wait_or_end(child, 1.0)
        raise


def _hang_up(child: subprocess.Popen[bytes]) -> None:
    """It ends by itself when its input ends; a connection that is dead already must not keep us."""
    if child.stdin is not None:
        with suppress(OSError):
            child.stdin.close()
    _wait_or_end(child, _GOODBYE)


def _wait_or_end(child: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        wait(child, seconds)
    except subprocess.TimeoutExpired:
        _end(child)
    except BaseException:
        _end(child)
        raise


def _end(child: subprocess.Popen[bytes]) -> None:
    send(child, signal.SIGKILL)
    wait(child)


def _not_started(command: Command, error: OSError) -> OutsideError:
    program = command.argv[0]
    if isinstance(error, FileNotFoundError):
        return OutsideError(f"`{program}` was not found", hint=_INSTALL.get(program, "install it, or fix PATH"))
    return OutsideError(f"`{program}` can't be started: {cause(error)}")
