"""`edgegen down`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from edgegen.cli import console
from edgegen.cli.deploy_options import DryRun, Host, runner, show_commands
from edgegen.cli.options import HERE, Directory, Environment, Json, Quiet, Verbose
from edgegen.core.errors import RefusedError
from edgegen.deploy.runner import Runner


def down(
    *,
    directory: Directory = HERE,
    environment: Environment = None,
    host: Host = "",
    volumes: Annotated[
        bool, typer.Option("--volumes", help="Delete the stack's own volumes with all their data. Asks first.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Stop the stack. Certificates, volumes and external networks stay."""
    from edgegen.deploy import rendered, steps
    from edgegen.files.last_run import refuse_other, refuse_unnamed

    file = rendered.rendered_file(directory)
    refuse_unnamed(directory, environment)
    refuse_other(directory, environment)
    if dry_run:
        show_commands("down", steps.down_commands(directory, file, volumes=volumes), host, as_json=json)
        return 0
    running = runner(host)
    if volumes and not yes:
        _confirm(directory, file, running)
    deleted = steps.own_volumes(directory, file, running) if volumes else ()
    project = steps.down(directory, file, running, volumes=volumes, quiet=quiet or json)
    if json:
        console.json_result("down", True, project=project.name, deleted_volumes=list(deleted))
    return 0


def _confirm(directory: Path, file: Path, running: Runner) -> None:
    """Data is deleted by a person's word alone. Raises RefusedError without one."""
    from edgegen.deploy import steps

    listed = ", ".join([*steps.own_volumes(directory, file, running), "the containers' unnamed volumes"])
    if not sys.stdin.isatty():
        raise RefusedError(f"--volumes would delete {listed} for ever", hint="say --yes as well if that is meant")
    if not typer.confirm(f"Delete {listed} with all data, for ever?", err=True):
        raise RefusedError("nothing was stopped and nothing deleted")
