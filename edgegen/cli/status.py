"""`edgegen status`."""

from __future__ import annotations

from edgegen.cli import console
from edgegen.cli.deploy_options import Host, replicas_json, runner, services_json, show
from edgegen.cli.options import HERE, Directory, Environment, Json, Quiet, Verbose


def status(
    *,
    directory: Directory = HERE,
    environment: Environment = None,
    host: Host = "",
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Show the stack's services and their health. Exit code 0: all are healthy; 1: they are not."""
    from edgegen.deploy import steps
    from edgegen.files.last_run import refuse_other
    from edgegen.project.backend import rendered_backend

    refuse_other(directory, environment)
    standing = steps.status(rendered_backend(directory, runner(host)), host=host)
    if json:
        console.json_result(
            "status",
            standing.ok,
            standing.findings(),
            project=standing.project,
            services=services_json(standing),
            **replicas_json(standing),
        )
    else:
        show(standing)
    return 0 if standing.ok else 1
