"""What the services of a stack wrote: `docker service logs` takes one service at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from edgegen.core.errors import OutsideError
from edgegen.deploy.backends.base import LogsWanted, refuse_many_lines
from edgegen.deploy.command import INTERRUPTED, MOST_LOG_BYTES, UNREAD, ending
from edgegen.deploy.swarm.commands import logs_command
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.terminal_text import printable, tail

_LINE = re.compile(r"(?P<time>\S+)\s(?P<task>\S+?)\s*\| ?(?P<text>.*)", re.DOTALL)


def stream(talk: Talk, services: Iterable[str], wanted: LogsWanted) -> None:
    """Pass the logs of these services through: one after the other, or all at once to follow them.

    Raises OutsideError if one can't be shown, KeyboardInterrupt when interrupted.
    """
    commands = [logs_command(service, wanted) for service in services]
    results = talk.stream_all(commands) if wanted.follow else [talk.stream(command) for command in commands]
    if any(result.returncode in INTERRUPTED for result in results):
        raise KeyboardInterrupt
    if codes := [result.returncode for result in results if not result.ok and result.returncode not in UNREAD]:
        raise OutsideError(f"`docker service logs` could not show the logs: it {ending(codes[0])}")


def lines(talk: Talk, services: Iterable[str], wanted: LogsWanted) -> list[dict[str, str]]:
    """The same as data, in the order of their times. Raises OutsideError."""
    found: list[dict[str, str]] = []
    for service in services:
        command = logs_command(service, replace(wanted, follow=False), timestamps=True)
        result = talk.run(replace(command, most=MOST_LOG_BYTES))
        if not result.ok:
            raise OutsideError(f"the logs of `{service}` could not be shown: {tail(result.stderr, 3)}")
        found += [*_parsed(result.stdout), *_parsed(result.stderr)]
    refuse_many_lines(len(found))
    return sorted(found, key=lambda line: line["time"])


def _parsed(output: str) -> Iterator[dict[str, str]]:
    """`2026-01-01T00:00:00Z shop_web.1.abc@node    | text`. What the client says itself has no task."""
    for line in output.splitlines():
        if match := _LINE.fullmatch(line):
            yield {"container": match["task"], "time": match["time"], "text": printable(match["text"])}
