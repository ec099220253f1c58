"""`edgegen explain URL`: trace one request to its first broken link."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli import complete, look_options
from edgegen.cli.commands import option
from edgegen.cli.console import json_result, note, out, stopped
from edgegen.cli.deploy_options import runner
from edgegen.cli.options import Host, Printing, Project
from edgegen.cli.screen import screen
from edgegen.system.stop import EXIT_CODES
from edgegen.verify.settings import TIMEOUT

if TYPE_CHECKING:
    from edgegen.explain.subject import Subject
    from edgegen.project.explain import Explained
    from edgegen.verify.look.traefik_api import Door
    from edgegen.verify.settings import Settings

_CODES = {True: 0, False: 1, None: 4}

Url = Annotated[
    str, typer.Argument(metavar="URL", autocompletion=complete.url, help="E.g. https://www.example.com/path.")
]
TraefikApi = Annotated[str, option("--traefik-api", "Also ask Traefik's API, e.g. http://127.0.0.1:8080.", "URL")]


def explain(
    url: Url,
    host: Host = "",
    traefik_api: TraefikApi = "",
    *,
    timeout: look_options.Timeout = TIMEOUT,
    look: look_options.Look,
    cf_ranges: look_options.CfRanges = None,
    project: Project,
    printing: Printing,
) -> int:
    """Trace a request: DNS, TCP, TLS, entrypoint, router, service, container. Show the first broken link.

    The last links can only be checked where the engine is: on the server, or with --host. Exit 0: no problems. 1: a
    link is broken. 4: no link is broken, but something could not be checked.
    """
    from edgegen.explain.subject import subject_of
    from edgegen.project.explain import door_of
    from edgegen.project.verify import with_local_authority

    settings = look.settings(timeout, cf_ranges)
    subject = subject_of(project.directory, project.environment, url, os.environ)
    settings = with_local_authority(settings, [subject.endpoint], project.directory)
    found, code = _walk(subject, settings, host, door_of(traefik_api, subject.loaded, os.environ))
    for remark in found.notes:
        note(remark)
    if printing.json:
        json_result("explain", code == 0, found.findings, **_as_json(found))
    else:
        from edgegen.cli.report.explained import explained_text

        out(explained_text(found, screen()))
    if code in EXIT_CODES.values():
        stopped(code, "nothing was changed")
    return code


def _walk(subject: Subject, settings: Settings, host: str, door: Door | None) -> tuple[Explained, int]:
    """The links, and the exit code; that of a signal if one arrived."""
    from edgegen.cli.progress import progress_bar
    from edgegen.project.explain import Ears, explain
    from edgegen.project.verify import Ways
    from edgegen.system.stop import Stop

    settings = look_options.logged_in(settings, [subject.endpoint])
    ears = Ears(runner(host), host, door)
    stop = Stop()
    with stop.on_signals(), progress_bar("links seen", "tracing the request") as progress:
        found = explain(subject, settings, Ways(lambda: datetime.now(UTC), stop.event, progress), ears)
    return found, _CODES[found.good] if stop.exit_code is None else stop.exit_code


def _as_json(found: Explained) -> dict[str, object]:
    endpoint, first = found.subject.endpoint, found.first
    return {
        "url": found.subject.url,
        "host": endpoint.host,
        "service": endpoint.name if found.subject.in_spec else None,
        "incomplete": found.incomplete,
        "links": [link.as_json() for link in found.links],
        "first_broken": first.as_json() if first else None,
        "notes": list(found.notes),
    }
