"""A command as a value: built by pure functions, run in one place (`runner.py`)."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edgegen.core.errors import BugError
from edgegen.deploy.terminal_text import tail

PROBE_TIMEOUT = 60.0
"""Seconds that a question to the engine may take; over ssh the first answer can be slow."""

MOST_BYTES = 8 << 20
"""Bytes that an answer may have: about a hundred times that of a large project."""

MOST_LOG_BYTES = 32 << 20
"""Bytes of a log: twenty thousand lines of an access log take half of that."""

INTERRUPTED = (130, -2)
"""The exit code of Docker's programs after Ctrl-C, and Python's for a child that was ended by SIGINT."""

UNREAD = (141, -13)
"""The same after the reader of its output has gone (`| head`): nobody wants the rest, and nothing went wrong."""

Environment = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Command:
    """An argument list, never a shell string.

    `timeout` is in seconds, None waits forever.
    `unless` is a test: if it succeeds, the command has nothing to do (only a dry run shows it).
    `stdin` is what the program reads; None: nothing. `most` is how many bytes of its stdout are read.
    `variables` are added to its environment; they may be secret, and are never shown.
    `folder` is where it runs, None for here: a file that it reads from `stdin` may have paths that begin there.
    Secrets never travel in `argv`: everyone on the machine can read an argument list.
    """

    argv: tuple[str, ...]
    timeout: float | None = PROBE_TIMEOUT
    unless: tuple[str, ...] = ()
    stdin: str | None = field(default=None, repr=False)  # it may have secrets in it
    most: int = MOST_BYTES
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    folder: Path | None = None

    def __post_init__(self) -> None:
        if not self.argv or not all(isinstance(part, str) for part in self.argv):
            raise BugError("a command consists of words, at least the program's name")

    def line(self, environment: Environment = ()) -> str:
        """The command as a line for sh, with `environment` in front."""
        variables = [f"{name}={shlex.quote(value)}" for name, value in environment]
        text = " ".join([*variables, shlex.join(self.argv)])
        if self.unless:
            text = " ".join([*variables, shlex.join(self.unless), ">/dev/null 2>&1 ||", text])
        return text


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left behind. Both outputs are decoded as UTF-8, wrong bytes replaced.

    They are empty when streamed; `stderr` is the last of both if they were passed on to ours.
    """

    returncode: int
    stdout: str = ""
    stderr: str = ""

    @property
    def ok(self) -> bool:
        return self.returncode == 0


def failure(command: Command, result: Result) -> str:
    """How a command ended, with the last lines that it wrote to stderr."""
    said = f": {tail(result.stderr, 5)}" if result.stderr.strip() else ""
    return f"`{command.line()}` {ending(result.returncode)}{said}"


def ending(code: int) -> str:
    """How a program ended: with an exit code, or by a signal."""
    if code >= 0:
        return f"ended with exit code {code}"
    killed = ": is this machine out of memory?" if code == -signal.SIGKILL else ""
    return f"was ended by {_signal_name(-code)}{killed}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
