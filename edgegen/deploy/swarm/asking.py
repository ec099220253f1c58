"""Questions to a swarm's manager, many objects at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from edgegen.compose.swarm_names import NAMESPACE_LABEL
from edgegen.core.errors import OutsideError
from edgegen.deploy.answers import Reader
from edgegen.deploy.command import Command, Result
from edgegen.deploy.docker_words import only_missing
from edgegen.deploy.engine import AT_ONCE, answer_hint, ask, names
from edgegen.deploy.runner import Executor
from edgegen.deploy.terminal_text import tail

_NETWORK = Reader("docker network ls")
_NO_MANAGER = ("not a swarm manager", "not part of a swarm")
_HINT = "name a manager with `--host ssh://me@server`, or make one: `docker swarm init --advertise-addr ADDRESS`"


def of_stack(stack: str) -> tuple[str, ...]:
    """What `docker … ls` takes to list only what a stack has made."""
    return ("--filter", f"label={NAMESPACE_LABEL}={stack}")


def inspected(runner: Executor, ids: Sequence[str], form: str, reader: Reader, *words: str) -> Iterator[dict[str, Any]]:
    """`docker … inspect` of these objects, each in the form. One that was removed meanwhile is left out.

    Raises OutsideError if the engine does not answer, or for what can't be read.
    """
    for at in range(0, len(ids), AT_ONCE):
        command = Command(("docker", *words, "--format", form, *ids[at : at + AT_ONCE]))
        result = runner.run(command)
        _refuse_silence(result, *words)
        yield from reader.rows(result.stdout, "JSON")


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
    for at in range(0, len(owners), AT_ONCE):
        some = owners[at : at + AT_ONCE]
        result = runner.run(Command(("docker", *words, *some)))
        _refuse_silence(result, *words)
        found += names(result.stdout)
    return found


def network_names(runner: Executor) -> dict[str, str]:
    """The id of each network, by which services name it -> its real name. Raises OutsideError."""
    answer = ask(runner, "docker", "network", "ls", "--no-trunc", "--format", "{{json .}}")
    rows = _NETWORK.rows(answer, "the networks")
    return {_NETWORK.text(row.get("ID"), "ID"): _NETWORK.text(row.get("Name"), "Name") for row in rows}


def _refuse_silence(result: Result, *words: str) -> None:
    """Objects may be removed between two questions. Any other failure tells nothing about them: raises OutsideError."""
    if not result.ok and not only_missing(result.stderr):
        message = f"`docker {' '.join(words)}` failed: {tail(result.stderr, 2)}"
        raise OutsideError(message, hint=answer_hint(result.stderr))
