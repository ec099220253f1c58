"""`edgegen up`."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from edgegen.cli import console
from edgegen.cli.deploy_options import DryRun, replicas_json, runner, services_json, show, show_commands
from edgegen.cli.options import Force, Printing, Project
from edgegen.cli.up_options import Wanted, refuse_swarm_options
from edgegen.deploy.host import is_ssh
from edgegen.system.stop import when_stopped

if TYPE_CHECKING:
    from edgegen.cli.render import Rendered
    from edgegen.deploy.backends.base import Asked, Start
    from edgegen.deploy.runner import Runner
    from edgegen.deploy.steps import Raised
    from edgegen.spec.load import LoadedSpec


def up(project: Project, wanted: Wanted, dry_run: DryRun = False, force: Force = False, *, printing: Printing) -> int:
    """Render, check this host, build images, start the stack, and wait for its health.

    With --host ssh://…, the rendered files and what containers mount read-only are copied to that host first: over one
    connection, only what has changed, and never over its acme.json.

    Before it starts anything, it checks that the ports are free (or names who holds them), that acme.json is a file
    with mode 600, that the engine answers, and that no other project's Traefik sees the same names or would lose
    routes. Missing external networks and volumes are created. Every service with a `build` is built, so that a changed
    Dockerfile takes effect. A container without a health check has to run for five seconds.

    On a swarm, node labels say which node runs the edge and which keeps each volume. A single node is marked by
    itself; of several, `--edge-node` and `--volume-node` mark one. Built images are pushed to the registry that they
    name. If an update fails, the swarm runs the service as before, and `up` ends with exit code 5.
    """
    how, asked = wanted.start(), wanted.asked()
    if dry_run:
        return _print_commands(project.directory, project.environment, asked, how, as_json=printing.json)
    quiet = printing.quiet or printing.json
    raised, loaded = _up(project.directory, project.environment, asked, how, force=force, quiet=quiet)
    if printing.json:
        _show_json(raised)
    else:
        show(raised.standing)
        if loaded is not None:
            _show_addresses(loaded, project)
    return 0


def _show_json(raised: Raised) -> None:
    made = {"networks": list(raised.networks), "volumes": list(raised.volumes)}
    made |= {"labels": list(raised.labels)} if raised.labels else {}
    findings, services = raised.standing.findings(), services_json(raised.standing)
    console.json_result("up", True, findings, services=services, created=made, **replicas_json(raised.standing))


def _show_addresses(loaded: LoadedSpec, project: Project) -> None:
    """Where the services answer, and the command that proves it."""
    from edgegen.cli.report.addresses import addresses
    from edgegen.cli.report.next_steps import at, verify_step

    rows = addresses(loaded.spec)
    if rows:
        console.out("")
    for row in rows:
        console.show(row)
    for step in verify_step(loaded.spec, at(project.directory, project.environment)):
        console.next_step(step.command)


def _up(
    directory: Path, environment: str | None, asked: Asked, how: Start, *, force: bool, quiet: bool
) -> tuple[Raised, LoadedSpec | None]:
    from edgegen.cli.render import render_project
    from edgegen.files import stack_lock
    from edgegen.project.backend import refuse_running_elsewhere
    from edgegen.project.lost_secrets import refuse_lost_secrets

    running = runner(asked.host)
    if asked.host and not is_ssh(asked.host):
        _refuse_local_files(directory, environment, asked.host)

    def before(loaded: LoadedSpec) -> None:
        refuse_swarm_options(loaded.spec.target, asked, how)
        refuse_running_elsewhere(directory, loaded, running)
        refuse_lost_secrets(directory, loaded, running, asked.host)
        locked.enter_context(stack_lock(directory))

    with ExitStack() as locked:
        with redirect_stdout(sys.stderr):  # the output of rendering is not a result of `up`
            made = render_project(directory, environment, force=force, before=before)
        raised = _start(directory, made, running, asked, how, force=force, quiet=quiet)
    return raised, made.loaded


def _start(
    directory: Path, made: Rendered, running: Runner, asked: Asked, how: Start, *, force: bool, quiet: bool
) -> Raised:
    from edgegen.deploy import steps
    from edgegen.deploy.backends import Place, backend_of
    from edgegen.project.far import far_folder
    from edgegen.project.placed import placed

    with (
        far_folder(directory, running, asked.host, asked.remote_dir, force=force) as far,
        when_stopped("the files are rendered, and nothing was started"),
        placed(made.loaded),
    ):
        place = Place(directory, made.file, running, quiet, made.name, made.values, far)
        return steps.up(backend_of(made.target, place), console, how, replace(asked, wish=made.wish))


def _refuse_local_files(directory: Path, environment: str | None, host: str) -> None:
    """Before a file is written or the other machine is asked: what would be rendered is enough to know."""
    from edgegen.deploy import steps
    from edgegen.project.render import prepare

    prepared = prepare(directory, environment, environ=os.environ)
    if not prepared.desired.target.files_are_sent:
        steps.refuse_local_files(prepared.stack_text, host)


def _print_commands(directory: Path, environment: str | None, asked: Asked, how: Start, *, as_json: bool) -> int:
    from edgegen.deploy import steps
    from edgegen.deploy.backends import Place, backend_of
    from edgegen.files.last_run import refuse_unnamed
    from edgegen.project.far import far_folder
    from edgegen.project.render import prepare

    refuse_unnamed(directory, environment)
    prepared = prepare(directory, environment, environ=os.environ, complete=True)
    console.warn(prepared.warnings)
    refuse_swarm_options(prepared.loaded.spec.target, asked, how)
    spec, file = prepared.loaded.spec, directory / prepared.desired.target.file_name
    host, running = asked.host, runner(asked.host)
    with far_folder(directory, running, host, asked.remote_dir) as far:
        place = Place(directory, file, running, name=spec.name, values=prepared.values, far=far)
        backend, sent = backend_of(spec.target, place), prepared.desired.target.files_are_sent
        if not sent and is_ssh(host):
            console.note(
                f"first, the files that its engine opens are copied to {host}, {far.named(spec.name)}; "
                "Compose then reads the project, with their paths there, from its standard input"
            )
        elif not sent:
            steps.refuse_local_files(prepared.stack_text, host)
        commands = backend.up_commands(prepared.stack_text, how.wait, build=how.build, values=prepared.values)
        for remark in backend.unlisted(prepared.stack_text):
            console.note(remark)
    show_commands("up", commands, host, as_json=as_json)
    return 0
