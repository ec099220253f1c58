"""What `docker compose down` leaves without an error: networks and volumes that are in use, and those of earlier files.

Compose removes only what the present file names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgegen.core.errors import OutsideError, Problem
from edgegen.core.show import first_few
from edgegen.deploy.command import Command
from edgegen.deploy.docker_words import MISSING
from edgegen.deploy.engine import ask, names, of_project
from edgegen.deploy.runner import Executor
from edgegen.deploy.terminal_text import tail

_MOST_NAMED = 3
"""Containers in one sentence."""


def remove_networks(runner: Executor, project: str) -> Iterator[str]:
    """Remove the project's networks that are still there; why one stays: another project may be joined to it."""
    for name in names(ask(runner, "docker", "network", "ls", "--filter", of_project(project), "--format", "{{.Name}}")):
        if why := _remove(runner, "network", name):
            yield f"network `{name}` stays: {why}"


def remove_volumes(runner: Executor, present: Iterable[str]) -> None:
    """Remove volumes that are still there. Raises OutsideError with those that can't be deleted."""
    left = {name: _remove(runner, "volume", name) for name in present}
    problems = [
        Problem(f"volume `{name}` was not deleted: {why}", hint="remove what uses it, then run the command again")
        for name, why in left.items()
        if why
    ]
    if problems:
        raise OutsideError(problems)


def _remove(runner: Executor, kind: str, name: str) -> str:
    """Why it could not be removed; "" if it is gone."""
    result = runner.run(Command(("docker", kind, "rm", name)))
    if result.ok or MISSING.search(result.stderr):
        return ""
    users = names(ask(runner, "docker", "ps", "--all", "--filter", f"{kind}={name}", "--format", "{{.Names}}"))
    if not users:
        return tail(result.stderr, 2)
    return "in use by " + first_few((f"`{user}`" for user in sorted(users)), _MOST_NAMED)
