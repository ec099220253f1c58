"""Questions to a swarm's manager, many objects at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from edgegen.core.errors import OutsideError
from edgegen.deploy.answers import Reader
from edgegen.deploy.command import Command
from edgegen.deploy.engine import ask, names
from edgegen.deploy.runner import Executor
from edgegen.deploy.terminal_text import tail

_AT_ONCE = 100
"""Objects of one question: a command line has a limited length."""
_NO_MANAGER = ("not a swarm manager", "not part of a swarm")
_HINT = "name a manager with `--host ssh://me@server`, or make one: `docker swarm init --advertise-addr ADDRESS`"


def inspected(runner: Executor, ids: Sequence[str], form: str, reader: Reader, *words: str) -> Iterator[dict[str, Any]]:
    """`docker … inspect` of these objects, each in the form. One that was removed meanwhile is left out.

    Raises OutsideError for what can't be read.
    """
    for at in range(0, len(ids), _AT_ONCE):
        command = Command(("docker", *words, "--format", form, *ids[at : at + _AT_ONCE]))
        yield from reader.rows(runner.run(command).stdout, "JSON")


def listed(runner: Executor, *words: str) -> list[str]:
    """The ids that `docker … ls` prints. Raises OutsideError, with a hint where the engine is not a manager."""
    try:
        return names(ask(runner, "docker", *words))
    except OutsideError as error:
        if any(word in str(error) for word in _NO_MANAGER):
            raise OutsideError("this engine is not a manager of a swarm", hint=_HINT) from error
        raise


def listed_of(runner: Executor, owners: Sequence[str], *words: str) -> list[str]:
    """The ids that `docker … ps` prints for these owners; one that was removed meanwhile is passed over."""
    found: list[str] = []
    for at in range(0, len(owners), _AT_ONCE):
        some = owners[at : at + _AT_ONCE]
        result = runner.run(Command(("docker", *words, *some)))
        if not result.ok and "no such" not in result.stderr.lower():
            raise OutsideError(f"`docker {' '.join(words)}` failed: {tail(result.stderr, 2)}")
        found += names(result.stdout)
    return found
