"""Which file of a project directory is deployed."""

from __future__ import annotations

from pathlib import Path

from edgegen.core.errors import RefusedError, UsageError

COMPOSE_FILE = "docker-compose.yml"
STACK_FILE = "stack.yml"


def rendered_file(project: Path) -> Path:
    """The compose file that `render` wrote. Raises UsageError when there is none, RefusedError for a swarm's stack."""
    file = project / COMPOSE_FILE
    if file.is_file():
        return file
    refuse_stack(project / STACK_FILE)
    raise UsageError(
        f"{file} does not exist: nothing has been rendered here",
        hint="`edgegen up` renders and starts; `-C DIR` names another project directory",
    )


def refuse_stack(file: Path) -> None:
    """Raises RefusedError when `file` is the existing stack of a swarm: Compose can't deploy it."""
    if file.name == STACK_FILE and file.is_file():
        raise RefusedError(
            f"{file} is a swarm's stack, and this command works on target compose",
            hint=f"`docker stack deploy -c {file} NAME` deploys it, `docker stack ps NAME` shows it",
        )
