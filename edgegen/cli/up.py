"""`edgegen up`."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli import console
from edgegen.cli.deploy_options import DryRun, Host, runner, services_json, show, show_commands
from edgegen.cli.options import HERE, Directory, Environment, Force, Json, Quiet, Verbose
from edgegen.deploy.backends.base import WAIT_TIMEOUT, Asked, Start
from edgegen.system.stop import when_stopped

if TYPE_CHECKING:
    from edgegen.deploy.steps import Raised


def up(
    *,
    directory: Directory = HERE,
    environment: Environment = None,
    host: Host = "",
    wait: Annotated[
        int, typer.Option("--wait", metavar="SECONDS", min=1, help="How long to wait for health.")
    ] = WAIT_TIMEOUT,
    no_build: Annotated[bool, typer.Option("--no-build", help="Don't build; start the existing images.")] = False,
    dry_run: DryRun = False,
    force: Force = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Render, check this host, build images, start the stack, and wait for its health.

    Before it starts anything, it checks that the ports are free (or names who holds them), that acme.json is a file
    with mode 600, that the engine answers, and that no other project's Traefik sees the same names or would lose
    routes. Missing external networks and volumes are created. Every service with a `build` is built, so that a changed
    Dockerfile takes effect.
    """
    if dry_run:
        return _print_commands(directory, environment, host, wait, build=not no_build, as_json=json)
    raised = _up(directory, environment, host, wait, build=not no_build, force=force, quiet=quiet or json)
    if json:
        made = {"networks": list(raised.networks), "volumes": list(raised.volumes)}
        findings = raised.standing.findings()
        console.json_result("up", True, findings, services=services_json(raised.standing), created=made)
    else:
        show(raised.standing)
    return 0


def _up(
    directory: Path, environment: str | None, host: str, wait: int, *, build: bool, force: bool, quiet: bool
) -> Raised:
    from edgegen.cli.render import render_project
    from edgegen.deploy import steps
    from edgegen.deploy.backends import Place, backend_of
    from edgegen.project.backend import refuse_running_elsewhere

    running = runner(host)
    if host:
        _refuse_local_files(directory, environment, host)
    with redirect_stdout(sys.stderr):  # the output of rendering is not a result of `up`
        made = render_project(
            directory, environment, force=force, before=lambda it: refuse_running_elsewhere(directory, it, running)
        )
    backend = backend_of(made.target, Place(directory, made.file, running, quiet, made.name, made.values))
    with when_stopped("the files are rendered, and nothing was started"):
        return steps.up(backend, console, Start(wait, build), Asked(host, made.wish))


def _refuse_local_files(directory: Path, environment: str | None, host: str) -> None:
    """Before a file is written or the other machine is asked: what would be rendered is enough to know."""
    from edgegen.deploy import steps
    from edgegen.deploy.backends import backend_class
    from edgegen.project import render as project

    prepared = project.prepare(directory, environment, environ=os.environ)
    if not backend_class(prepared.loaded.spec.target).files_are_sent:
        steps.refuse_local_files(prepared.stack_text, host)


def _print_commands(
    directory: Path, environment: str | None, host: str, wait: int, *, build: bool, as_json: bool
) -> int:
    from edgegen.deploy import steps
    from edgegen.deploy.backends import Place, backend_of
    from edgegen.files.last_run import refuse_unnamed
    from edgegen.project import render as project

    refuse_unnamed(directory, environment)
    prepared = project.prepare(directory, environment, environ=os.environ, complete=True)
    console.warn(prepared.warnings)
    spec, file = prepared.loaded.spec, directory / prepared.desired.target.file_name
    backend = backend_of(spec.target, Place(directory, file, runner(host), name=spec.name, values=prepared.values))
    if not backend.files_are_sent:
        steps.refuse_local_files(prepared.stack_text, host)
    commands = backend.up_commands(prepared.stack_text, wait, build=build, values=prepared.values)
    show_commands("up", commands, host, as_json=as_json)
    return 0
