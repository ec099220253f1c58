"""Running a command that changes something, and the words for one that failed."""

from __future__ import annotations

from edgegen.core.errors import OutsideError
from edgegen.deploy.command import Command, Result
from edgegen.deploy.runner import Executor
from edgegen.deploy.terminal_text import tail


def carry_out(runner: Executor, command: Command, *, quiet: bool) -> None:
    """Run it, with its progress on stderr. Raises OutsideError if it fails.

    With `quiet` its output is kept, and shown only if it fails.
    """
    result = runner.run(command) if quiet else runner.stream(command, to_stderr=True)
    if not result.ok:
        raise OutsideError(failure(command, result))


def failure(command: Command, result: Result) -> str:
    """How a command ended, with the last lines that it wrote to stderr."""
    said = f": {tail(result.stderr, 5)}" if result.stderr.strip() else ""
    return f"`{command.line()}` ended with exit code {result.returncode}{said}"
