"""`edgegen down`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from edgegen.cli import console
from edgegen.cli.deploy_options import DryRun, runner, show_commands
from edgegen.cli.options import HERE, Directory, Environment, Host, Json, Quiet, Verbose
from edgegen.core.errors import RefusedError


def down(
    *,
    directory: Directory = HERE,
    environment: Environment = None,
    host: Host = "",
    volumes: Annotated[
        bool, typer.Option("--volumes", help="Delete the stack's own volumes with all their data, after confirmation.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Stop the stack. Certificates, volumes and external networks stay."""
    from edgegen.deploy import steps
    from edgegen.files.last_run import refuse_other, refuse_unnamed
    from edgegen.project.backend import rendered_backend
    from edgegen.project.far import far_folder

    running = runner(host)
    backend = rendered_backend(directory, running, quiet=quiet or json)
    refuse_unnamed(directory, environment)
    refuse_other(directory, environment)
    if dry_run:
        show_commands("down", backend.down_commands(volumes=volumes), host, as_json=json)
        return 0
    deleted = backend.volumes(backend.read().name) if volumes else ()
    if volumes and not yes:
        _confirm(deleted)
    with far_folder(directory, running, host, "") as far:
        backend.place = replace(backend.place, far=far)
        project = steps.down(backend, console, volumes=volumes)
        if far.path:
            console.note(f"its files stay on that host, with the certificates: {far.shown}")
    if json:
        console.json_result("down", True, project=project.name, deleted_volumes=list(deleted))
    return 0


def _confirm(volumes: Sequence[str]) -> None:
    """Delete data only after explicit confirmation. Raises RefusedError without it."""
    listed = ", ".join([*volumes, "the containers' unnamed volumes"])
    if not sys.stdin.isatty():
        raise RefusedError(f"--volumes would delete {listed} for ever", hint="add --yes to confirm")
    if not typer.confirm(f"Delete {listed} with all data, for ever?", err=True):
        raise RefusedError("nothing was stopped and nothing deleted")
