"""What the services of a project write, streamed or as data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from edgegen.core.errors import OutsideError, Problem, UsageError
from edgegen.core.suggest import suggest
from edgegen.deploy import compose_cli
from edgegen.deploy.command import MOST_LOG_BYTES
from edgegen.deploy.compose_cli import Stack
from edgegen.deploy.runner import Executor
from edgegen.deploy.session import open_session
from edgegen.deploy.terminal_text import printable, tail

MOST_LINES = 100_000
_INTERRUPTED = (130, -2)
"""Compose's exit code after Ctrl-C, and Python's word for a child that SIGINT ended."""


def logs(
    project: Path,
    compose_file: Path,
    runner: Executor,
    services: list[str],
    *,
    follow: bool = False,
    tail_lines: str = "",
    since: str = "",
    color: bool = True,
) -> None:
    """Stream what the services write.

    Raises UsageError for a service that the project does not have, OutsideError when Compose is missing or fails,
    KeyboardInterrupt when Compose was interrupted.
    """
    compose = compose_cli.find(runner)
    stack = Stack.of(project, compose_file)
    command = compose_cli.logs_command(
        compose, stack, services, follow=follow, tail=tail_lines, since=since, color=color
    )
    result = runner.stream(command)
    if result.returncode in _INTERRUPTED:
        raise KeyboardInterrupt
    if not result.ok:
        _refuse_unknown_services(project, compose_file, runner, services)
        raise OutsideError(f"Compose could not show the logs (exit code {result.returncode})")


def captured_logs(
    project: Path, compose_file: Path, runner: Executor, services: list[str], *, tail_lines: str = "", since: str = ""
) -> list[dict[str, str]]:
    """The same as data: container, time and text of each line. Raises as `logs` does."""
    stack = Stack.of(project, compose_file)
    command = compose_cli.logs_command(
        compose_cli.find(runner), stack, services, tail=tail_lines, since=since, color=False, timestamps=True
    )
    result = runner.run(replace(command, most=MOST_LOG_BYTES))
    if not result.ok:
        _refuse_unknown_services(project, compose_file, runner, services)
        raise OutsideError(f"Compose could not show the logs: {tail(result.stderr, 3)}")
    lines = [line for line in result.stdout.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise OutsideError(
            f"the logs have {len(lines):,} lines, and at most {MOST_LINES:,} fit into one JSON object",
            hint="ask for fewer with `--tail 1000` or `--since 1h`, or leave out --json",
        )
    return [_log_line(line) for line in lines]


def _refuse_unknown_services(project: Path, compose_file: Path, runner: Executor, services: list[str]) -> None:
    known = [service.name for service in open_session(project, compose_file, runner).project.services]
    unknown = [name for name in services if name not in known]
    if unknown:
        raise UsageError([_unknown(name, known) for name in unknown])


def _unknown(name: str, known: list[str]) -> Problem:
    near = suggest(name, known)
    hint = f"did you mean `{near}`?" if near else f"the services are {', '.join(sorted(known)) or 'none'}"
    return Problem(f"there is no service `{printable(name)}`", hint=hint)


def _log_line(line: str) -> dict[str, str]:
    """`web-1  | 2026-01-01T00:00:00Z text`: Compose's own prefix and the engine's time, taken apart."""
    container, _, rest = line.partition("|")
    time, _, text = rest.strip().partition(" ")
    return {"container": container.strip(), "time": time, "text": text}
