"""`edgegen down`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from edgegen.cli import console
from edgegen.cli.commands import option
from edgegen.cli.deploy_options import DryRun, runner, show_commands
from edgegen.cli.options import Host, Printing, Project
from edgegen.core.errors import LocalIOError, RefusedError

Volumes = Annotated[
    bool, option("--volumes", "Delete the stack's own volumes with all their data, after confirmation.")
]
Yes = Annotated[bool, option("--yes", "Do not ask.")]


def down(
    *,
    project: Project,
    host: Host = "",
    volumes: Volumes = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    printing: Printing,
) -> int:
    """Stop the stack. Certificates, volumes and external networks stay."""
    from edgegen.deploy import steps
    from edgegen.files.last_run import refuse_other, refuse_unnamed
    from edgegen.project.backend import rendered_backend
    from edgegen.project.far import far_folder

    running = runner(host)
    backend = rendered_backend(project.directory, running, quiet=printing.quiet or printing.json, host=host)
    refuse_unnamed(project.directory, project.environment)
    refuse_other(project.directory, project.environment)
    if dry_run:
        show_commands("down", backend.down_commands(volumes=volumes), host, as_json=printing.json)
        return 0
    deleted = backend.volumes(backend.read().name) if volumes else ()
    if volumes and not yes:
        _confirm(deleted)
    with _alone(project.directory), far_folder(project.directory, running, host, "") as far:
        backend.place = replace(backend.place, far=far)
        stopped = steps.down(backend, console, volumes=volumes)
        if far.path:
            console.note(f"its files stay on that host, with the certificates: {far.shown}")
    if printing.json:
        console.json_result("down", True, project=stopped.name, deleted_volumes=list(deleted))
    return 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While nobody else starts or stops the stack. Who may not write into the folder can't start it from there."""
    from edgegen.files import stack_lock

    with ExitStack() as held:
        with suppress(LocalIOError):
            held.enter_context(stack_lock(folder))
        yield


def _confirm(volumes: Sequence[str]) -> None:
    """Delete data only after explicit confirmation. Raises RefusedError without it."""
    unnamed = "the containers' unnamed volumes"
    listed = f"{', '.join(volumes)} and {unnamed}" if volumes else unnamed
    if not sys.stdin.isatty():
        raise RefusedError(f"--volumes would delete {listed} for ever", hint="add --yes to confirm")
    if not typer.confirm(f"Delete {listed} with all data, for ever?", err=True):
        raise RefusedError("nothing was stopped and nothing deleted")
